"""What one field cannot know: references, rules across fields, changes of plans; pydantic's errors in words."""
