"""What templates ask the portal's own pages for. Built in for all templates."""

from django import template

from koss.portal import glossary

register = template.Library()


@register.simple_tag
def explanation(field):
    """The term of 用語集 that explains a bound field, or None; a search explains nothing."""
    return glossary.explains(field.label) if getattr(field.form, "explains", True) else None


@register.inclusion_tag("parts/_words.html")
def words(*anchors):
    """What the words of a table mean, to be opened under it."""
    return {"terms": [glossary.of(anchor) for anchor in anchors]}
