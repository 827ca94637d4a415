"""The doors that an act came through, in words."""

from __future__ import annotations

from django import template

from staff.kernel.words import channel_name

register = template.Library()
register.filter("channel", channel_name)
