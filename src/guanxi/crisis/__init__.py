"""Crisis events (危机事件): what normal handling cannot remove, led from one room, openly and on record.

See docs/capabilities/crisis.md.
"""
