"""`adb shell dumpsys notification`: lines, records, fields, Notification (AOSP NotificationRecord.dump)."""
