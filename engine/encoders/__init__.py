"""The one resident encoder and what makes it do a task: adapters, words, tags, windows."""
