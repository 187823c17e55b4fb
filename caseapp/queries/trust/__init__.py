"""Reading the trail and drafts."""
