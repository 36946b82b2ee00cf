<?php
// Signs a token for the embedded SMS Sender: PHP 8, HS256, nothing to install.
//
// This belongs on your server, behind your own sign-in. The secret never reaches a browser.
//
//   php sign.php acme.secret ISS KID SUB AUD ORIGIN NAME SCOPES

/**
 * A token that is good for one minute and for one use.
 *
 * @param string[] $scopes some of compose, submit and view: no more than this user may do
 */
function sms_sender_token(
    string $secret,
    string $issuer,
    string $keyId,
    string $user,
    string $audience,
    string $origin,
    string $name,
    array $scopes
): string {
    $now = time();
    $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $keyId];
    $claims = [
        'iss' => $issuer, // your tenant's id at the sender
        'sub' => $user, // your own id of the user who is signed in: never one for all
        'name' => $name, // what to call them
        'aud' => $audience, // where the sender is served, without a slash at the end
        'origin' => $origin, // the origin of your page that has the element
        'scopes' => $scopes,
        'iat' => $now,
        'exp' => $now + 60, // 300 seconds at most
        'jti' => bin2hex(random_bytes(16)), // random, so that the token can be used only once
    ];
    $base64 = fn (string $data): string => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
    $part = fn (array $json): string => $base64(json_encode($json, JSON_THROW_ON_ERROR));
    $text = $part($header) . '.' . $part($claims);
    return $text . '.' . $base64(hash_hmac('sha256', $text, $secret, true));
}

if (PHP_SAPI === 'cli' && realpath($_SERVER['argv'][0] ?? '') === __FILE__) {
    [, $file, $issuer, $keyId, $user, $audience, $origin, $name, $scopes] = $argv;
    // White space around the secret does not count, here or at the sender.
    $secret = trim(file_get_contents($file));
    $scopes = explode(',', $scopes);
    echo sms_sender_token($secret, $issuer, $keyId, $user, $audience, $origin, $name, $scopes), "\n";
}
