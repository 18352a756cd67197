"""All analytical SQL of audiences: leaves as bitmaps, values per member, what arrived and what aged, the attribute mirror."""
