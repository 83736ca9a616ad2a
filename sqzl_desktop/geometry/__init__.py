"""Outlines as shapes: areas, overlaps, gaps; the only place that knows shapely."""
