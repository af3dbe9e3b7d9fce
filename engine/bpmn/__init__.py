"""The only room that knows SpiffWorkflow and lxml: BPMN files read, checked, run and drawn."""
