//go:build !linux

package hunt

func onOwnThread(f func() error) error { return f() }

func canPin() bool { return false }

func onOneCore(_ int, f func() error) error { return f() }
