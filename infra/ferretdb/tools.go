//go:build tools

// Package tools pins FerretDB, and everything it needs, in go.mod and go.sum. build.sh builds the command
// itself out of vendor/, as a main package cannot be imported by a program.
package tools

import _ "github.com/FerretDB/FerretDB/cmd/ferretdb"
