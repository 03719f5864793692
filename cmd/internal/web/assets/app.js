// Everything here makes a working page quicker; nothing here decides anything.
"use strict";
(() => {
  const $ = (s, at = document) => at.querySelector(s);
  const $$ = (s, at = document) => [...at.querySelectorAll(s)];
  const token = document.body.dataset.token;
  const headers = (more) => ({ "Hoso-Token": token, ...more });
  const post = (url, value) => fetch(url, { method: "POST", headers: headers({ "Content-Type": "application/json" }), body: JSON.stringify(value) });
  const lost = "Mất kết nối với máy chủ.";

  // --- a dossier number while it is typed ---------------------------------------
  // Only the newest answer is shown; whoever asked for one gets it even so: a scanner of
  // bar codes presses Enter before the typing has been answered.
  const checks = new WeakMap(), typing = new WeakMap();
  const check = async (input) => {
    clearTimeout(typing.get(input));
    const hint = input.form.querySelector("output");
    hint.dataset.empty ??= hint.textContent;
    const text = input.value.trim();
    const turn = (checks.get(input) || 0) + 1;
    checks.set(input, turn);
    const show = (say, tone) => {
      hint.textContent = say;
      hint.className = "hint " + tone;
      input.classList.toggle("ok", tone === "good");
      input.classList.toggle("off", tone === "bad");
    };
    if (!text) { show(hint.dataset.empty, ""); return null; }
    try {
      const answer = await (await post("/api/v1/numbers/check", { number: text })).json();
      if (checks.get(input) === turn) show(answer.message, answer.valid ? "good" : answer.begins ? "" : "bad");
      return answer;
    } catch { return null; }
  };
  document.addEventListener("input", (e) => {
    if (!e.target.matches("[data-number]")) return;
    clearTimeout(typing.get(e.target));
    typing.set(e.target, setTimeout(() => check(e.target), 180));
  });
  const tidy = async (input) => {
    const text = input.value, answer = await check(input);
    if (answer && answer.valid && input.value === text) input.value = answer.printed;
    return answer;
  };
  document.addEventListener("change", (e) => { if (e.target.matches("[data-number]")) tidy(e.target); });

  // A number that the machine has read is taken by a press, and typing over one replaces it.
  document.addEventListener("click", (e) => {
    if (!e.target.matches("[data-pick]")) return;
    const input = e.target.form.number;
    input.value = e.target.textContent;
    input.focus();
    check(input);
  });
  document.addEventListener("focusin", (e) => { if (e.target.matches("[data-number]") && e.target.value === e.target.defaultValue) e.target.select(); });

  // --- rows of papers --------------------------------------------------------------
  const rows = $("#rows");
  const over = (state) => state === "filed" || state === "rejected";
  const busy = (row) => {
    const at = document.activeElement;
    const input = row.querySelector("[data-number]");
    return input && (input.value !== input.defaultValue || at === input);
  };
  const put = (id, html) => {
    const box = document.createElement("template");
    box.innerHTML = html.trim();
    const fresh = box.content.firstElementChild;
    const old = rows && rows.querySelector(`[data-id="${id}"]`);
    if (!old) { rows && rows.prepend(fresh); tally(); return fresh; }
    if (busy(old) && old.dataset.state === fresh.dataset.state) return old;
    old.replaceWith(fresh);
    tally();
    return fresh;
  };
  const names = [["work", "", "đang xử lý"], ["wait", "", "cần xem"], ["good", "", "đã lưu"], ["bad", ":not(.sending)", "từ chối"], ["bad", ".sending", "chưa nhận"]];
  const tally = () => {
    if (!rows) return;
    $("#empty").hidden = rows.children.length > 0;
    const parts = [];
    for (const [tone, which, name] of names) {
      const n = rows.querySelectorAll(`.row.${tone}${which}`).length;
      if (n) { const s = document.createElement("span"); s.className = "chip " + tone; s.textContent = n + " " + name; parts.push(s); }
    }
    $("#tally").replaceChildren(...parts);
  };
  const fetchRow = async (id) => {
    const answer = await fetch(`/papers/${id}/row`);
    // The session has ended. Files that wait to be sent would be lost with the page.
    if (answer.redirected) { if (!$(".sending", rows)) location.reload(); return null; }
    return answer.ok ? put(id, await answer.text()) : null;
  };

  // --- news: a stream, or asking every few seconds where streams do not pass ----------
  const follow = (url, onPaper, open) => {
    let asking = 0;
    const ask = () => { asking ||= setInterval(() => open().forEach((id) => fetchRow(id).catch(() => {})), 4000); };
    const stop = () => { clearInterval(asking); asking = 0; };
    const start = () => {
      const source = new EventSource(url);
      source.addEventListener("paper", (e) => onPaper(JSON.parse(e.data)));
      source.onopen = stop;
      source.onerror = () => {
        ask();
        if (source.readyState === EventSource.CLOSED) setTimeout(start, 10000);
      };
    };
    start();
  };
  if (rows) {
    tally();
    follow("/events", (n) => put(n.id, n.html), () => $$("[data-id]", rows).filter((r) => !over(r.dataset.state)).map((r) => r.dataset.id));
    $("#print").addEventListener("click", () => print());
  }

  // --- setting a number in place --------------------------------------------------------
  document.addEventListener("submit", async (e) => {
    const form = e.target;
    if (!form.matches(".number-form")) return;
    e.preventDefault();
    const hint = form.querySelector("output"), row = form.closest("[data-id]"), button = form.querySelector("button");
    button.disabled = true;
    // What the server says now outweighs what is still being asked about the typing.
    clearTimeout(typing.get(form.number));
    checks.set(form.number, (checks.get(form.number) || 0) + 1);
    try {
      const number = form.number.value;
      let answer = await post(form.dataset.api, { number });
      let said = answer.ok ? null : await answer.json();
      if (said && said.code.startsWith("unit-") && confirm(said.message + "\n\nVẫn dùng mã số " + number + "?")) {
        answer = await post(form.dataset.api, { number, confirm: true });
        said = answer.ok ? null : await answer.json();
      }
      if (said) { hint.textContent = said.message; hint.className = "hint bad"; form.number.select(); return; }
      if (!row) { location.reload(); return; }
      form.number.value = "";
      const fresh = await fetchRow(row.dataset.id);
      if (fresh) fresh.querySelector("a.name").focus();
    } catch { hint.textContent = lost; hint.className = "hint bad"; } finally { button.disabled = false; }
  });

  // --- handing in -------------------------------------------------------------------------
  const form = $("#intake");
  const size = (n) => n < 1e6 ? Math.ceil(n / 1e3) + " KB" : (n / 1e6).toFixed(1).replace(".", ",") + " MB";
  const queue = [];
  let sending = 0;
  const pump = () => {
    while (sending < 2 && queue.length) { sending++; queue.shift()().finally(() => { sending--; pump(); }); }
  };
  const send = (job) => new Promise((done) => {
    const { row, file } = job, bar = $("progress", row), chip = $(".chip", row), say = $(".say", row);
    const fail = (text, canRetry) => {
      row.className = "row bad sending";
      chip.className = "chip bad";
      chip.textContent = canRetry ? "Chưa gửi được" : "Không nhận";
      say.textContent = text;
      bar.hidden = true;
      $(".acts", row).hidden = false;
      $(".again", row).hidden = !canRetry;
      tally();
      done();
    };
    const x = new XMLHttpRequest();
    x.open("POST", "/api/v1/papers");
    for (const [name, value] of Object.entries(headers({ "Hoso-Dossier": job.number, "Hoso-Kind": job.kind, "Hoso-File-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" }))) x.setRequestHeader(name, value);
    x.responseType = "json";
    row.className = "row work sending";
    chip.className = "chip work";
    chip.textContent = "Đang gửi";
    bar.hidden = false;
    $(".acts", row).hidden = true;
    x.upload.onprogress = (e) => {
      if (!e.lengthComputable || !e.total) return;
      bar.value = e.loaded / e.total;
      say.textContent = e.loaded < e.total ? `Đã gửi ${size(e.loaded)} trên ${size(e.total)}` : "Đã gửi hết, đang chờ máy chủ xác nhận đã lưu…";
    };
    x.onerror = () => fail("Đường truyền bị ngắt. Bấm Gửi lại; hệ thống không tạo bản trùng.", true);
    x.onload = async () => {
      const r = x.response;
      if (x.status === 200 || x.status === 201) {
        try { await received(row, r); } catch { row.dataset.id = r.id; fetchLater(r.id); }
        return done();
      }
      if (x.status === 401) return fail("Phiên làm việc đã hết. Đăng nhập lại ở thẻ khác rồi bấm Gửi lại.", true);
      fail(r && r.message || lost, x.status >= 500 || x.status === 400 || x.status === 429 || x.status === 403);
    };
    x.send(file);
  });
  const fetchLater = (id) => setTimeout(() => fetchRow(id).catch(() => fetchLater(id)), 3000);
  // A row becomes a receipt only with what the server said.
  const received = async (row, receipt) => {
    const known = $(`[data-id="${receipt.id}"]`, rows);
    if (known && known !== row) row.remove(); else row.dataset.id = receipt.id;
    const fresh = await fetchRow(receipt.id);
    if (receipt.again && fresh) {
      const note = document.createElement("p");
      note.className = "notice wait";
      note.textContent = "Tệp này đã được nhận trước đó cho hồ sơ này; không tạo bản thứ hai.";
      fresh.querySelector(".more").prepend(note);
    }
  };
  const hand = async (files) => {
    if (!form || !files.length) return;
    const input = $("#number");
    const answer = input.value.trim() ? await tidy(input) : null;
    if (input.value.trim() && answer && !answer.valid) { input.focus(); input.select(); return; }
    const kind = form.kind.value, number = input.value.trim();
    for (const file of files) {
      const row = $("#sending").content.firstElementChild.cloneNode(true);
      $(".name", row).textContent = file.name;
      $(".meta", row).textContent = (number || "Tự tìm mã số trong bản quét") + " · " + size(file.size);
      $(".chip", row).textContent = "Chờ gửi";
      rows.prepend(row);
      const job = { row, file, kind, number };
      $(".again", row).onclick = () => { queue.push(() => send(job)); pump(); };
      $(".drop-it", row).onclick = () => { row.remove(); tally(); };
      if (file.size > Number(form.dataset.max)) {
        row.className = "row bad sending";
        $(".chip", row).className = "chip bad";
        $(".chip", row).textContent = "Không nhận";
        $(".say", row).textContent = "Tệp lớn hơn mức cho phép.";
        $("progress", row).hidden = true;
        $(".acts", row).hidden = false;
        $(".again", row).hidden = true;
        continue;
      }
      queue.push(() => send(job));
    }
    tally();
    pump();
  };
  if (form) {
    const picker = $("#files"), veil = $("#veil"), input = $("#number");
    form.addEventListener("submit", (e) => e.preventDefault());
    const about = $("#about");
    about.addEventListener("submit", (e) => { about.number.value = input.value; if (!input.value) { e.preventDefault(); input.focus(); } });
    picker.addEventListener("change", async () => { const files = [...picker.files]; await hand(files); picker.value = ""; });
    // A scanner of bar codes types the number and presses Enter.
    input.addEventListener("keydown", async (e) => {
      if (e.key !== "Enter") return;
      e.preventDefault();
      const answer = await tidy(input);
      if (answer && answer.valid) picker.focus();
    });
    let depth = 0;
    const carries = (e) => e.dataTransfer && [...e.dataTransfer.types].includes("Files");
    addEventListener("dragenter", (e) => { if (carries(e)) { depth++; veil.hidden = false; } });
    addEventListener("dragleave", (e) => { if (carries(e) && --depth <= 0) { depth = 0; veil.hidden = true; } });
    addEventListener("dragover", (e) => { if (carries(e)) e.preventDefault(); });
    addEventListener("drop", (e) => { if (!carries(e)) return; e.preventDefault(); depth = 0; veil.hidden = true; hand([...e.dataTransfer.files]); });
    const next = () => { input.value = ""; check(input); input.focus(); };
    $("#next").addEventListener("click", next);
    addEventListener("keydown", (e) => { if (e.altKey && e.key.toLowerCase() === "n") { e.preventDefault(); next(); } });
    addEventListener("beforeunload", (e) => { if (sending || queue.length) e.preventDefault(); });
  }

  // --- settling fields and words: keys alone are enough ---------------------------------
  const fields = $("[data-fields]");
  if (fields) {
    const inputs = $$("input:not([type=hidden]):not([type=checkbox]),select,textarea", fields);
    const all = $("[data-all]", fields), spot = $("#spot"), sheet = $("#sheet");
    if (!CSS.supports("field-sizing", "content")) for (const area of $$("textarea", fields)) {
      const grow = () => { area.style.height = "auto"; area.style.height = area.scrollHeight + 2 + "px"; };
      area.addEventListener("input", grow);
      grow();
    }
    const doubt = (i) => i.classList.contains("doubt") || i.closest(".field.doubt");
    fields.addEventListener("focusin", (e) => {
      const at = e.target.dataset && e.target.dataset.crop;
      if (!at || !spot || spot.getAttribute("src") === at) return;
      spot.src = at;
      const page = at.split("&box=")[0];
      if (sheet && sheet.getAttribute("src") !== page) sheet.src = page;
    });
    let goal = null;
    fields.addEventListener("keydown", (e) => {
      if (e.key !== "Enter") return;
      if (!inputs.includes(e.target)) { if (e.repeat) e.preventDefault(); return; }
      e.preventDefault();
      goal = inputs.slice(inputs.indexOf(e.target) + 1).find(doubt) || all || $("button", fields);
    });
    // Not before the key is let go: it must not press the button that it leads to.
    fields.addEventListener("keyup", (e) => {
      if (e.key !== "Enter" || !goal) return;
      goal.focus();
      if (goal.select) goal.select();
      goal = null;
    });
    fields.addEventListener("keypress", (e) => { if (e.key === "Enter" && inputs.includes(e.target)) e.preventDefault(); });
    fields.addEventListener("click", (e) => {
      if (!e.target.matches("[data-fill]")) return;
      const input = $("input", e.target.closest(".field"));
      input.value = e.target.textContent;
      input.focus();
    });
    addEventListener("keydown", (e) => {
      const skip = $("[data-skip]");
      if (e.key === "F9" && all) { e.preventDefault(); if (fields.reportValidity()) fields.requestSubmit(all); }
      if (e.key === "F8" && skip) { e.preventDefault(); skip.click(); }
    });
    fields.addEventListener("submit", () => setTimeout(() => $$("button", fields).forEach((b) => { b.disabled = true; })));
    const first = $("[autofocus]", fields);
    if (first && first.select) first.select();
  }

  // --- signing: what waits, what was decided, what became of it -------------------------
  const signing = $("[data-signing]");
  if (signing) {
    const list = $("#desk-list"), sheet = $("#sheet", signing);
    const boxes = () => $$("input[name=paper]", list), free = () => boxes().filter((b) => !b.disabled);
    const chosen = () => free().filter((b) => b.checked);
    const hint = (say, tone) => { const at = $("output", list); if (at) { at.textContent = say; at.className = "hint " + tone; } };
    const count = () => {
      const n = chosen().length, all = $("[data-all-papers]", list);
      if (!all) return;
      $("[data-count]", list).textContent = n ? ` ${n} giấy tờ` : "";
      all.checked = n > 0 && n === free().length;
      all.indeterminate = n > 0 && n < free().length;
    };
    const show = (row) => { if (sheet && row && row.dataset.sheet && sheet.getAttribute("src") !== row.dataset.sheet) sheet.src = row.dataset.sheet; };
    let last = "", timer = 0;
    const put = (html) => {
      if (html === last) return;
      last = html;
      const ticked = new Set(chosen().map((b) => b.value)), at = document.activeElement;
      const within = list.contains(at), place = within ? boxes().indexOf(at) : -1, id = within && at.id, go = within && at.matches("[data-go]");
      list.innerHTML = html;
      for (const b of free()) b.checked = ticked.has(b.value);
      count();
      const badge = $("#to-sign"), total = $(".helper", list).dataset.total;
      if (badge) { badge.textContent = total; badge.hidden = total === "0"; }
      if (sheet) sheet.hidden = !boxes().length;
      if (!within) return;
      const to = id && document.getElementById(id) || go && $("[data-go]", list) || boxes()[Math.min(place, boxes().length - 1)] || $("[data-all-papers]", list);
      if (to) to.focus();
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(refresh, Number($(".helper", list).dataset.next)); };
    const refresh = async () => {
      try {
        const answer = await fetch("/signing/list");
        if (answer.redirected) { location.reload(); return; }
        if (answer.ok) put(await answer.text());
      } catch { hint(lost, "bad"); }
      later();
    };
    list.addEventListener("change", (e) => {
      if (e.target.matches("[data-all-papers]")) for (const b of free()) b.checked = e.target.checked;
      count();
    });
    list.addEventListener("focusin", (e) => show(e.target.closest("[data-sheet]")));
    list.addEventListener("mouseover", (e) => show(e.target.closest("[data-sheet]")));
    list.addEventListener("submit", async (e) => {
      e.preventDefault();
      const papers = chosen().map((b) => b.value);
      if (!papers.length) { hint("Hãy chọn giấy tờ cần ký.", "bad"); if (free()[0]) free()[0].focus(); return; }
      try {
        const answer = await post("/api/v1/signing/wishes", { papers });
        if (!answer.ok) { hint((await answer.json()).message, "bad"); return; }
        for (const b of boxes()) b.checked = false;
        await refresh();
      } catch { hint(lost, "bad"); }
    });
    addEventListener("keydown", (e) => {
      const all = $("[data-all-papers]", list), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (!all || e.repeat && !step) return;
      if (e.key === "F8") { e.preventDefault(); all.click(); }
      if (e.key === "F9") { e.preventDefault(); $("[data-sign]", list).requestSubmit(); }
      if (!step || e.target.matches("summary,a")) return;
      e.preventDefault();
      const at = free().indexOf(document.activeElement), to = free()[Math.max(0, Math.min(at + step, free().length - 1))];
      if (to) to.focus();
    });
    count();
    later();
    if (free()[0]) free()[0].focus();
  }

  // --- days, as people here write them ----------------------------------------------------
  document.addEventListener("change", (e) => {
    const input = e.target;
    if (!input.matches("[data-day]")) return;
    const m = input.value.trim().match(/^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$|^(\d{2})(\d{2})(\d{4}|\d{2})$/);
    const [d, n, y] = m ? [m[1] || m[4], m[2] || m[5], m[3] || m[6]].map(Number) : [0, 0, 0];
    const day = new Date(Date.UTC(y < 100 ? 2000 + y : y, n - 1, d));
    const real = m && day.getUTCDate() === d && day.getUTCMonth() === n - 1;
    input.setCustomValidity(real || !input.value.trim() ? "" : "Hãy ghi ngày/tháng/năm, ví dụ 05/07/2026.");
    if (real) input.value = day.toISOString().slice(0, 10).split("-").reverse().join("/");
  });

  // --- looking up ------------------------------------------------------------------------------
  const box = $("#box");
  if (box) {
    const hits = $$(".hit > a:first-child");
    addEventListener("keydown", (e) => {
      const typing = e.target.matches("input,select,textarea");
      if (e.key === "/" && !typing) { e.preventDefault(); box.focus(); box.select(); return; }
      if (e.key !== "ArrowDown" && e.key !== "ArrowUp" || typing && e.target !== box || !hits.length) return;
      e.preventDefault();
      const at = hits.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1);
      if (at < 0) box.focus(); else hits[Math.min(at, hits.length - 1)].focus();
    });
  } else {
    addEventListener("keydown", (e) => { if (e.key === "/" && !e.target.matches("input,select,textarea")) location.href = "/lookup"; });
  }

  // --- one paper -------------------------------------------------------------------------------
  const paper = $("[data-paper]");
  if (paper && !over(paper.dataset.state)) {
    const id = paper.dataset.paper, typed = (i) => i.type !== "checkbox" && i.value !== i.defaultValue;
    // Whoever has clicked on something else would be brought back here by a reload, if the
    // line is slow; and if all they clicked on was a download, they are still here later.
    let left = 0;
    addEventListener("beforeunload", () => { left = Date.now(); });
    const again = () => {
      if (Date.now() - left < 30000) setTimeout(again, 30000);
      else if (!$$("input:not([type=hidden]),textarea", paper).some(typed)) location.reload();
    };
    follow("/events?paper=" + id, (n) => { if (n.state !== paper.dataset.state) again(); }, () => []);
  }
  // --- places on the picture of a page ---------------------------------------------------------
  const leaf = $("[data-leaf]");
  if (leaf) {
    const total = Number(leaf.dataset.total), frame = $(".frame", leaf), places = $$("[data-place]", leaf), now = $("[data-now]", leaf);
    let at = Number(leaf.dataset.at);
    const show = () => {
      const place = $("#place", leaf);
      if (!place) return;
      const box = place.getBoundingClientRect(), around = frame.getBoundingClientRect();
      if (frame.scrollHeight > frame.clientHeight + 1) frame.scrollTop += box.top - around.top - frame.clientHeight / 3;
      else place.scrollIntoView({ block: "center" });
    };
    const address = (k) => {
      const to = new URL(location.href);
      to.searchParams.delete("page");
      to.searchParams.set("m", k);
      to.hash = "place";
      return to.href;
    };
    const behind = (k, step) => (k - 1 + step + total) % total + 1;
    // On the same page nothing need be loaded again.
    const go = (link) => {
      const to = behind(at, Number(link.dataset.step)), next = now && places.find((p) => Number(p.dataset.place) === to);
      if (!next) return false;
      for (const p of places) { p.removeAttribute("id"); p.classList.remove("now"); }
      next.id = "place";
      next.classList.add("now");
      at = to;
      now.textContent = at;
      for (const a of $$("[data-step]", leaf)) a.href = address(behind(at, Number(a.dataset.step)));
      for (const a of $$("[data-same]")) { const same = new URL(a.href); same.searchParams.set("m", at); a.href = same.href; }
      history.replaceState(null, "", address(at));
      show();
      return true;
    };
    leaf.addEventListener("click", (e) => {
      const link = e.target.closest("[data-step]");
      if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey && go(link)) e.preventDefault();
    });
    addEventListener("keydown", (e) => {
      const typing = e.target.matches("input,select,textarea"), plain = !e.ctrlKey && !e.altKey && !e.metaKey;
      const key = e.key === "F3" ? (e.shiftKey ? "p" : "n") : typing ? "" : e.key;
      const link = { n: '[data-step="1"]', p: '[data-step="-1"]', ArrowRight: '[data-page="1"]', ArrowLeft: '[data-page="-1"]' }[key];
      const to = plain && (link ? $(link, leaf) : key === "Escape" && $("[data-results]"));
      if (!to) return;
      e.preventDefault();
      to.click();
    });
    // A browser that goes to the place by its name takes the focus away, and does so late.
    const begin = () => {
      show();
      if (!document.activeElement || document.activeElement === document.body) frame.focus({ preventScroll: true });
    };
    begin();
    addEventListener("load", begin);
  }
  const picture = $(".viewer img, .looking img");
  if (picture) {
    const broken = () => {
      const under = $(".under"), drawn = picture.closest(".sheet");
      if (under && !$("a", under)) under.remove();
      const say = drawn ? "Chưa vẽ được ảnh trang này. Hãy tải lại trang sau ít phút." : "Trình duyệt không hiển thị được tệp này. Hãy tải bản gốc về để xem.";
      (drawn || picture).replaceWith(Object.assign(document.createElement("p"), { className: "notice wait", textContent: say }));
    };
    if (picture.complete && !picture.naturalWidth) broken(); else picture.addEventListener("error", broken);
  }
  // --- a file to be judged -----------------------------------------------------------------------
  document.addEventListener("click", (e) => { if (e.target.matches("[data-print]")) print(); });
  const judged = $("[data-judge]");
  if (judged) {
    const file = $("input[type=file]", judged), hint = $("output", judged), button = $("button", judged);
    file.addEventListener("change", () => { if (file.files.length) judged.requestSubmit(); });
    judged.addEventListener("submit", (e) => {
      const chosen = file.files[0], say = (text, tone) => { hint.textContent = text; hint.className = "hint " + tone; };
      if (chosen && chosen.size > Number(judged.dataset.max)) { e.preventDefault(); say("Tệp lớn hơn mức cho phép.", "bad"); return; }
      say("Đang kiểm tra " + (chosen ? chosen.name : "") + "…", "");
      button.disabled = true;
    });
    // Who comes back by the browser's button finds the form ready.
    addEventListener("pageshow", () => { button.disabled = false; hint.textContent = ""; });
  }
  const verdict = $("#verdict");
  if (verdict) {
    verdict.replaceChildren(Object.assign(document.createElement("p"), { className: "muted", textContent: "Đang kiểm tra chữ ký và toàn vẹn…" }));
    fetch(verdict.dataset.src, { headers: { "Hoso-Fragment": "1" } }).then(async (a) => { verdict.innerHTML = await a.text(); }).catch(() => { verdict.textContent = lost; });
  }
})();
