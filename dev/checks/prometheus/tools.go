//go:build tools

// Package tools names the server that the dashboard is looked at with.
package tools

import _ "github.com/prometheus/prometheus/cmd/prometheus"
