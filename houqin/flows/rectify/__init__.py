"""检查—整改—复检: what was found wrong, who puts it right until when, and who else looked at it again."""
