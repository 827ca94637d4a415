"""Corrections of sealed months 更正: what rests on a fact is found by judging it anew, shown before approval, and kept."""
