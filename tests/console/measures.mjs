// Measures of a page, taken in the page.

/** The texts whose contrast to their background is below the minimum of WCAG AA, 4.5. */
export const lowContrast = () => {
  const parse = (color) => {
    const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g).map(Number);
    return { channels: [red, green, blue], alpha };
  };
  const luminance = (channels) => {
    const linear = channels.map((channel) => channel / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const background = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const { channels, alpha } = parse(getComputedStyle(node).backgroundColor);
      if (alpha === 1) return channels;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!hasText || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) || element.matches(":disabled, option, .skip")) continue;
    const [text, ground] = [luminance(parse(getComputedStyle(element).color).channels), luminance(background(element))];
    const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    if (contrast < 4.5) low.push(`${element.textContent.trim().slice(0, 30)}: ${contrast.toFixed(2)}`);
  }
  return low;
};

/** The visible controls without a name for screen readers. */
export const nameless = () => {
  const controls = [...document.querySelectorAll("button, input, select, [role=tab]")].filter((control) => control.checkVisibility());
  const name = (control) => control.getAttribute("aria-label") || control.textContent.trim() || control.labels?.[0]?.textContent.trim();
  return controls.filter((control) => !name(control)).map((control) => control.outerHTML);
};

/** The element with the focus, and whether one sees that it has it. */
export const focus = () => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  return {
    id: element.id,
    tag: element.tagName,
    text: element.textContent.trim().slice(0, 40),
    label: element.getAttribute("aria-label"),
    isMask: element.classList.contains("mask"),
    isVisible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
  };
};

export const overflow = () => document.documentElement.scrollWidth - window.innerWidth;
