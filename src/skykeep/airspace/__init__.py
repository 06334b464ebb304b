"""Zones, restrictions and permits: may it be here now, and by which document?"""
