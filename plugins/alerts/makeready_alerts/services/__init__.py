"""Chats and phones, through the services that Apprise knows."""
