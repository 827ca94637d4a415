"""Panels 评审团: rounds of defence 答辩, competition 竞聘, interview and verification, scored blind."""
