"""服务器: what orders the work of all devices: enrol, push, pull, snapshot."""
