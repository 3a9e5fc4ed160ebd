"""The shape of what is typed in about the weather."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.care.forms.rules import Named
from guanxi.care.states.weather import Level, Weather
from guanxi.network.models import Node


class NoticeForm(forms.Form):
    """A weather notice."""

    kind = forms.ChoiceField(label=_("Weather"), choices=Weather.choices)
    level = forms.ChoiceField(label=_("Level"), choices=[("", "–"), *Level.choices], required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    node = Named(label=_("Customers of"), queryset=Node.objects.none(), required=False)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    words_zh = forms.CharField(label=_("What to tell, in Chinese"), max_length=300, required=False)
    words_en = forms.CharField(label=_("What to tell, in English"), max_length=400, required=False)

    def __init__(self, *args: Any, places: Any, everywhere: bool, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        node, region = self.fields["node"], self.fields["region"]
        assert isinstance(node, forms.ModelChoiceField)
        assert isinstance(region, forms.ChoiceField)
        node.queryset, node.required = places, not everywhere
        node.empty_label = str(_("Everywhere")) if everywhere else "–"
        region.choices = regions
