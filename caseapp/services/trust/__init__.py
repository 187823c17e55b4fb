"""Trail, drafts and what keeps repeated work safe."""
