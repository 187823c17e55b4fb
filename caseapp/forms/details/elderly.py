"""The typed part of an elderly case as a form."""

from wtforms import TextAreaField

from caseapp.core.text import _l
from caseapp.forms.details.base import DetailForm
from caseapp.forms.fields import CodeChoice, YesNo
from caseapp.schemas.details.elderly import ElderlySchema


class ElderlyForm(DetailForm):
    """F1 and F4 of an old person: how they live, who helps, needs and strengths."""

    schema = ElderlySchema
    lives_alone = YesNo(_l("Lives alone"))
    main_carer = CodeChoice(_l("Who cares for the person"), codes="main_carer")
    carer_contact_every = CodeChoice(_l("How often children are in touch"), codes="carer_contact")
    has_keyholder = YesNo(_l("A neighbour or relative has a key"))
    heating = CodeChoice(_l("Heating"), codes="heating")
    medicines = TextAreaField(_l("Medicines"))
    needs = TextAreaField(_l("Problems and needs"))
    strengths = TextAreaField(_l("Strengths and resources"))
