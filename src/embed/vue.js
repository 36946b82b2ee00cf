// <SmsSender> for Vue. Loads the element and hands on its properties and events; the compiler need not be
// told of a custom element, because this is none to it.

import { defineComponent, h, onBeforeUnmount, onMounted, shallowRef, watch } from "vue";
import { EVENTS, notLoaded } from "./events.js";
import { load } from "./index.js";

/** See vue.d.ts. */
export const SmsSender = defineComponent({
  name: "SmsSender",
  props: {
    sender: { type: String, required: true },
    file: String,
    integrity: String,
    nonce: String,
    getToken: Function,
    subaccount: String,
    locale: String,
    theme: String,
    tokens: Object,
    prefill: Object,
  },
  emits: EVENTS,
  setup(props, { emit, expose }) {
    const element = shallowRef(null);
    expose({ element });

    let isHere = true;
    const fetch = () => {
      const { sender, file, integrity, nonce } = props;
      load({ sender, file, integrity, nonce }).then(
        () => isHere && props.prefill && element.value.prefill(props.prefill),
        (error) => isHere && emit("error", notLoaded(error)),
      );
    };
    onMounted(fetch);
    watch(() => props.sender, fetch, { flush: "post" });
    onBeforeUnmount(() => {
      isHere = false;
    });

    const listeners = Object.fromEntries(
      EVENTS.map((name) => [`onSms-sender:${name}`, (event) => emit(name, event.detail, event)]),
    );
    // A dot makes a property of it and a caret an attribute, whether the element is defined yet or not:
    // the two called `theme` are not the same.
    return () =>
      h("sms-sender", {
        ...listeners,
        ref: element,
        "^src": props.sender,
        "^subaccount": props.subaccount,
        "^locale": props.locale,
        "^theme": props.theme,
        ".theme": props.tokens,
        ".getToken": props.getToken,
      });
  },
});
