// Signs a token for the embedded SMS Sender: Go 1.19 or newer, EdDSA, standard library only.
//
// This belongs on your server, behind your own sign-in. The private key never reaches a browser.
//
//	go run sign.go acme-private.pem ISS KID SUB AUD ORIGIN NAME SCOPES
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"
)

// signToken makes a token that is good for one minute and for one use. Of the scopes, which are compose,
// submit and view, name no more than this user may do.
func signToken(
	key ed25519.PrivateKey,
	issuer, keyID, user, audience, origin, name string,
	scopes []string,
) (string, error) {
	unique := make([]byte, 16)
	if _, err := rand.Read(unique); err != nil {
		return "", err
	}
	now := time.Now().Unix()
	header, err := part(map[string]any{"alg": "EdDSA", "typ": "JWT", "kid": keyID})
	if err != nil {
		return "", err
	}
	claims, err := part(map[string]any{
		"iss":    issuer,   // your tenant's id at the sender
		"sub":    user,     // your own id of the user who is signed in: never one for all
		"name":   name,     // what to call them
		"aud":    audience, // where the sender is served, without a slash at the end
		"origin": origin,   // the origin of your page that has the element
		"scopes": scopes,
		"iat":    now,
		"exp":    now + 60,                   // 300 seconds at most
		"jti":    hex.EncodeToString(unique), // random, so that the token can be used only once
	})
	if err != nil {
		return "", err
	}
	text := header + "." + claims
	signature := ed25519.Sign(key, []byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func part(value any) (string, error) {
	text, err := json.Marshal(value)
	return base64.RawURLEncoding.EncodeToString(text), err
}

// privateKey reads the PEM file that `openssl genpkey -algorithm ed25519` writes.
func privateKey(file string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New(file + " is no PEM file")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New(file + " holds no Ed25519 key")
	}
	return key, nil
}

func main() {
	if len(os.Args) != 9 {
		log.Fatal("usage: sign KEYFILE ISS KID SUB AUD ORIGIN NAME SCOPES")
	}
	key, err := privateKey(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	a := os.Args[2:]
	token, err := signToken(key, a[0], a[1], a[2], a[3], a[4], a[5], strings.Split(a[6], ","))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token)
}
