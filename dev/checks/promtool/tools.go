//go:build tools

// Package tools names the program that tests alerts.
package tools

import _ "github.com/prometheus/prometheus/cmd/promtool"
