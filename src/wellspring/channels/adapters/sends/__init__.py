"""Handing parcels to providers: one module per channel behind one protocol (`desk.Adapter`)."""
