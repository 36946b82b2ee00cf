"use client";
// <SmsSender> for React. Loads the element, and hands on what React itself cannot: properties that are set
// before the element is defined, and events whose listeners change with every render.

import { createElement, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { EVENTS, notLoaded } from "./events.js";
import { load } from "./index.js";

/** `token-needed` is heard by `onTokenNeeded`. */
const PROPS = EVENTS.map((name) => [
  `sms-sender:${name}`,
  `on-${name}`.replace(/-(.)/g, (_, letter) => letter.toUpperCase()),
]);

/** See react.d.ts. */
export function SmsSender({ ref, ...props }) {
  const { sender, file, integrity, nonce, getToken, theme, tokens, prefill, ...rest } = props;
  // Of these React would make listeners for “Submitted” and the like.
  for (const [, prop] of PROPS) delete rest[prop];
  const element = useRef(null);
  const latest = useRef(props);
  useImperativeHandle(ref, () => element.current, []);

  // At once and not after the next paint: what is wrong from the start the element tells as soon as it is in
  // the page.
  useLayoutEffect(() => {
    latest.current = props;
  });

  useLayoutEffect(() => {
    const here = element.current;
    const heard = PROPS.map(([name, prop]) => [
      name,
      (event) => latest.current[prop]?.(event.detail, event),
    ]);
    for (const [name, listener] of heard) here.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of heard) here.removeEventListener(name, listener);
    };
  }, []);

  const canSign = getToken !== undefined;
  useLayoutEffect(() => {
    element.current.getToken = canSign ? () => latest.current.getToken() : undefined;
  }, [canSign]);

  // By hand, for the property of this name is both: the scheme as a string, and the tokens.
  useLayoutEffect(() => {
    if (theme) element.current.setAttribute("theme", theme);
    else element.current.removeAttribute("theme");
  }, [theme]);
  // As they are written in JSX, they are new with every render and mostly the same.
  const look = JSON.stringify(tokens);
  useLayoutEffect(() => {
    element.current.theme = look && JSON.parse(look);
  }, [look]);

  useEffect(() => {
    let isHere = true;
    load({ sender, file, integrity, nonce }).then(
      () => isHere && latest.current.prefill && element.current.prefill(latest.current.prefill),
      (error) => isHere && latest.current.onError?.(notLoaded(error)),
    );
    return () => {
      isHere = false;
    };
  }, [sender, file, integrity, nonce]);

  return createElement("sms-sender", { ...rest, ref: element, src: sender });
}
