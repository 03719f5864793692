// Everything here makes work on a batch quicker; nothing here decides anything.
"use strict";
(() => {
  const $ = (s, at = document) => at.querySelector(s);
  const $$ = (s, at = document) => [...at.querySelectorAll(s)];
  const typing = (e) => e.target.matches("input:not([type=checkbox]):not([type=radio]),select,textarea");
  // With an input method switched on the key has no name, and its place tells it.
  const keyOf = (e) => (e.key.length === 1 ? e.key : /^Key[A-Z]$/.test(e.code) ? e.code.slice(3) : e.key).toLowerCase();
  const plain = (e) => !e.ctrlKey && !e.altKey && !e.metaKey;

  // pictures are drawn one after the other: who finds too many before them asks again
  document.addEventListener("error", (e) => {
    const img = e.target;
    if (!(img instanceof HTMLImageElement) || !img.matches("[data-page-image]")) return;
    const again = Number(img.dataset.again || 0) + 1;
    if (again > 5) return;
    img.dataset.again = again;
    const src = img.getAttribute("src").split("?again")[0];
    setTimeout(() => { if (img.getAttribute("src").split("?again")[0] === src) img.src = src + "?again=" + again; }, 1500 * again);
  }, true);

  // a batch while it runs
  const live = $("#batch-live");
  if (live) {
    let last = "", timer = 0;
    const later = () => { clearTimeout(timer); timer = setTimeout(ask, Number($("[data-next]", live)?.dataset.next || live.dataset.next)); };
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(live.dataset.live);
        if (answer.redirected) { location.reload(); return; }
        const html = answer.ok ? await answer.text() : last;
        if (html && html !== last && !live.contains(document.activeElement)) { live.innerHTML = html; last = html; }
      } catch { /* the line is cut; asked again soon */ }
      later();
    };
    document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
    later();
  }

  // a list: down, up, and into it
  const rows = $$("[data-row]"), begin = $("[data-begin]");
  if (rows.length || begin) addEventListener("keydown", (e) => {
    if (typing(e) || !plain(e)) return;
    const step = { j: 1, arrowdown: 1, k: -1, arrowup: -1 }[keyOf(e)];
    if (step && rows.length) {
      e.preventDefault();
      const at = rows.indexOf(document.activeElement);
      rows[Math.max(0, Math.min(at < 0 ? 0 : at + step, rows.length - 1))].focus();
    } else if (keyOf(e) === "u" && $(".flash [data-key=u]")) { e.preventDefault(); $(".flash [data-key=u]").click();
    } else if (e.key === "Enter" && begin && !e.repeat && !e.target.matches("a,button,summary")) { e.preventDefault(); begin.click(); }
  });

  const work = $("[data-work]");
  if (!work) return;
  if (work.dataset.ahead) addEventListener("load", () => { new Image().src = work.dataset.ahead; });

  // the pages of a paper on the table
  const list = $("[data-tiles]", work), form = $("[data-pages]", work), big = $("#big"), tools = $("[data-tools]", work);
  const tiles = () => (list ? [...list.children] : []);
  const input = (tile, name) => form && form.elements[name + tile.dataset.page];
  const turnOf = (tile) => Number(input(tile, "t")?.value || 0);
  let now = null, fine = false;
  const show = () => {
    if (!now || !big) return;
    const src = $("img", now).getAttribute("src").split("?again")[0];
    const want = fine ? src.replace(/\/pages\/(\d+)$/, "/crop?page=$1") : src;
    if (big.getAttribute("src") !== want) { delete big.dataset.again; big.src = want; }
    big.alt = "Trang " + now.dataset.page;
    big.className = "turn-" + turnOf(now) + (fine ? " fine" : "");
  };
  const pick = (tile, focus) => {
    if (!tile) return;
    for (const t of tiles()) t.classList.toggle("now", t === tile);
    now = tile;
    show();
    tile.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (focus) tile.focus({ preventScroll: true });
  };
  const step = (by) => { const all = tiles(); pick(all[Math.max(0, Math.min(all.indexOf(now) + by, all.length - 1))], true); };

  const first = () => tiles().map((t) => t.dataset.page).join() === started;
  const started = tiles().map((t) => t.dataset.page).join();
  const changed = () => Boolean(form && (!first() || $$("input[type=checkbox]", form).some((c) => c.checked) || tiles().some(turnOf)));
  const undo = $("[data-undo]", work);
  const refresh = () => {
    let cuts = 0;
    tiles().forEach((tile, i) => {
      const drop = input(tile, "x"), cut = input(tile, "c"), order = input(tile, "o");
      if (order) order.value = i + 1;
      if (cut && i === 0) cut.checked = false;
      tile.classList.toggle("dropped", Boolean(drop && drop.checked));
      tile.classList.toggle("cut", Boolean(cut && cut.checked));
      $("img", tile).className = "turn-" + turnOf(tile);
      if (cut && cut.checked) cuts++;
    });
    if (undo) undo.hidden = !changed();
    const save = $("[data-save]", work);
    if (save) save.firstChild.textContent = cuts ? `Lưu, tách thành ${cuts + 1} giấy tờ ` : "Lưu các trang ";
    show();
  };
  const move = (tile, to) => { list.insertBefore(tile, to); refresh(); };
  const deeds = {
    left: () => { input(now, "t").value = (turnOf(now) + 270) % 360; },
    right: () => { input(now, "t").value = (turnOf(now) + 90) % 360; },
    up: () => { if (now.previousElementSibling) move(now, now.previousElementSibling); },
    down: () => { if (now.nextElementSibling) move(now.nextElementSibling, now); },
    drop: () => { const x = input(now, "x"); x.checked = !x.checked; },
    // The first page begins a paper anyway.
    cut: () => { const c = input(now, "c"); if (c && now.previousElementSibling) c.checked = !c.checked; },
  };
  const does = (name) => { if (tools && now && form.elements["t" + now.dataset.page]) { deeds[name](); refresh(); pick(now); } };
  const save = () => { if (form && $("[data-save]", form)) form.requestSubmit($("[data-save]", form)); };
  const heads = () => { for (const t of tiles()) if (t.matches("[data-head]")) input(t, "c").checked = true; refresh(); };

  if (list) {
    if (form && tools) {
      form.classList.add("quick");
      tools.hidden = false;
      for (const b of $$("[data-heads]", work)) { b.hidden = !$("[data-head]", list); b.addEventListener("click", heads); }
      tools.addEventListener("click", (e) => { const b = e.target.closest("[data-do]"); if (b) does(b.dataset.do); });
      form.addEventListener("change", refresh);
      form.addEventListener("reset", (e) => {
        e.preventDefault();
        for (const page of started.split(",")) list.append(tiles().find((t) => t.dataset.page === page));
        for (const c of $$("input[type=checkbox]", form)) c.checked = false;
        for (const t of tiles()) if (input(t, "t")) input(t, "t").value = 0;
        refresh();
      });
      let held = null;
      list.addEventListener("dragstart", (e) => { held = e.target.closest(".tile"); e.dataTransfer.effectAllowed = "move"; e.dataTransfer.setData("text/plain", held.dataset.page); held.classList.add("held"); });
      list.addEventListener("dragend", () => { if (held) held.classList.remove("held"); held = null; refresh(); });
      list.addEventListener("drop", (e) => e.preventDefault());
      list.addEventListener("dragover", (e) => {
        const over = e.target.closest(".tile");
        if (!held) return;
        e.preventDefault();
        if (!over || over === held) return;
        const box = over.getBoundingClientRect(), tall = list.scrollHeight > list.scrollWidth;
        const behind = tall ? e.clientY > box.top + box.height / 2 : e.clientX > box.left + box.width / 2;
        list.insertBefore(held, behind ? over.nextElementSibling : over);
      });
    }
    list.addEventListener("click", (e) => {
      const tile = e.target.closest(".tile");
      if (!tile || e.target.closest(".plain-acts")) return;
      if (e.target.closest(".shot") && !e.ctrlKey && !e.metaKey) e.preventDefault();
      pick(tile, true);
    });
    list.addEventListener("focusin", (e) => { const tile = e.target.closest(".tile"); if (tile && tile !== now) pick(tile); });
    if (big) big.addEventListener("click", () => { fine = !fine; show(); });
    const start = Number(work.dataset.start || 1);
    pick(tiles().find((t) => Number(t.dataset.page) === start) || tiles()[0]);
    refresh();
  }
  // The page of the field in which one types.
  work.addEventListener("focusin", (e) => {
    const page = /[?&]page=(\d+)/.exec(e.target.dataset?.crop || "");
    if (page && list) pick(tiles().find((t) => t.dataset.page === page[1]));
  });

  // leaving pages that are not saved takes a second press
  let sent = false, warned = false;
  work.addEventListener("submit", (e) => {
    if (sent) { e.preventDefault(); return; }
    sent = true;
    setTimeout(() => $$("button", work).forEach((b) => { b.disabled = true; }));
  });
  addEventListener("pageshow", () => { sent = false; for (const b of $$("button", work)) b.disabled = false; });
  const leave = (link) => {
    if (!link) return;
    if (changed() && !warned) {
      warned = true;
      const say = Object.assign(document.createElement("p"), { className: "notice wait", textContent: "Các trang chưa được lưu. Bấm S để lưu, Z để hoàn tác, hoặc bấm lần nữa để bỏ qua." });
      say.setAttribute("role", "alert");
      $(".work-top", work).after(say);
      setTimeout(() => { say.remove(); warned = false; }, 6000);
      return;
    }
    link.click();
  };

  // one key for each act
  const unfold = (name) => {
    const at = $(name, work);
    if (!at) return;
    at.open = true;
    ($("input:not([type=hidden]):not([type=number])", at) || at).focus();
    at.scrollIntoView({ block: "nearest" });
  };
  const judging = $("[data-judging]", work), note = judging && $("[data-note]", judging);
  const bad = () => { if (note.value.trim()) judging.requestSubmit($("[data-bad]", judging)); else note.focus(); };
  const press = (key) => {
    const button = $(`[data-key="${key}"]`, work);
    if (!button) return false;
    if (button.matches("a")) leave(button); else button.click();
    return true;
  };
  const keys = {
    arrowdown: () => step(1), arrowright: () => step(1), arrowup: () => step(-1), arrowleft: () => step(-1),
    l: () => does("left"), r: () => does("right"), "[": () => does("up"), "]": () => does("down"), c: () => does("cut"), x: () => does("drop"),
    s: save, z: () => form && form.reset(), h: heads, "+": () => big && big.click(), "=": () => big && big.click(),
    n: () => { const at = $("[data-first]", work); if (at) { at.focus(); at.select(); } },
    m: () => unfold("[data-merge]"), d: () => unfold("[data-reject]"), escape: () => leave($("[data-up]", work)),
    g: () => judging && judging.requestSubmit($("[data-good]", judging)), b: () => (judging ? bad() : unfold(".dropped")),
  };
  if (note) note.addEventListener("keydown", (e) => { if (e.key === "Enter" && !e.shiftKey && plain(e)) { e.preventDefault(); bad(); } });
  addEventListener("keydown", (e) => {
    if (!plain(e)) return;
    if (typing(e)) { if (e.key === "Escape") { e.preventDefault(); e.target.blur(); } return; }
    const key = keyOf(e), deed = keys[key];
    if (e.repeat && !key.startsWith("arrow")) return;
    if (deed) { e.preventDefault(); deed(); return; }
    if (press(key)) e.preventDefault();
  });
})();
