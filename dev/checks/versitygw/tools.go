//go:build tools

// Package tools names the S3 server that the check of directories is tried against.
package tools

import _ "github.com/versity/versitygw/cmd/versitygw"
