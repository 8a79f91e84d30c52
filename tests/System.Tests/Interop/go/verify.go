// Verifies a signed head of a journal, and proofs about it, with the packages that Go verifies its own checksum database with.
// Reads a case from a file of JSON and prints what it verified; whatever does not hold ends it with 1.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type given struct {
	VerifierKey string
	Note        string
	// The canonical bytes of every entry the head covers, in their order.
	Entries [][]byte
	// For each entry, the hashes that prove it.
	Inclusion [][][]byte
	// A head from before, and the hashes that prove that the newer one covers it.
	OlderSize   int64
	Consistency [][]byte
}

func main() {
	var one given
	file, err := os.Open(os.Args[1])
	check(err)
	check(json.NewDecoder(file).Decode(&one))
	verifier, err := note.NewVerifier(one.VerifierKey)
	check(err)
	opened, err := note.Open([]byte(one.Note), note.VerifierList(verifier))
	check(err)
	size, root := read(opened.Text, verifier.Name())

	stored := map[int64]tlog.Hash{}
	hashes := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			list[i] = stored[index]
		}
		return list, nil
	})
	for i, entry := range one.Entries {
		added, err := tlog.StoredHashes(int64(i), entry, hashes)
		check(err)
		for k, hash := range added {
			stored[tlog.StoredHashIndex(0, int64(i))+int64(k)] = hash
		}
	}
	whole, err := tlog.TreeHash(size, hashes)
	check(err)
	require(whole == root, "the entries do not give the root that is signed")

	for i, entry := range one.Entries {
		check(tlog.CheckRecord(proof(one.Inclusion[i]), size, root, int64(i), tlog.RecordHash(entry)))
	}
	older, err := tlog.TreeHash(one.OlderSize, hashes)
	check(err)
	check(tlog.CheckTree(proof(one.Consistency), size, root, one.OlderSize, older))
	fmt.Printf("%s: %d entries, from %d on\n", verifier.Name(), size, one.OlderSize)
}

// The text of a checkpoint: origin, size and root, a line each.
func read(text, origin string) (int64, tlog.Hash) {
	lines := strings.Split(text, "\n")
	require(len(lines) == 4 && lines[0] == origin && lines[3] == "", "not a checkpoint of "+origin)
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return size, root
}

func proof(hashes [][]byte) []tlog.Hash {
	list := make([]tlog.Hash, len(hashes))
	for i, hash := range hashes {
		copy(list[i][:], hash)
	}
	return list
}

func require(holds bool, otherwise string) {
	if !holds {
		check(fmt.Errorf("%s", otherwise))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
