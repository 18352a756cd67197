"use strict";
const toast = document.getElementById("toast");
let fading;
function tell(text, isBad) {
  toast.textContent = text;
  toast.className = "shown" + (isBad ? " bad" : "");
  clearTimeout(fading);
  fading = setTimeout(() => { toast.className = ""; }, 3200);
}
async function post(path, body) {
  const answer = await fetch("/simulator/" + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}
const NAMES = ["小雨", "阿宁", "周末去爬山", "Linda", "桃桃妈妈", "老陈", "一只橘猫", "晓晨", "茶茶", "风和日丽", "南巷", "小满"];
const OUTCOMES = { added: "已添加", half: "已单向添加，等待员工通过", applied: "已申请，等待员工通过", already: "早已添加，无变化", nobody: "没有可用的员工", joined: "已入群", full: "群已满", not_added: "未添加成功", unknown: "未识别的码", deleted: "已删除" };
function told(found) { return OUTCOMES[found.outcome] || "已完成"; }
/* Lists, truths and short numbers as such; a phone number stays a text. */
function guess(text) { return /^(\[.*\]|\{.*\}|true|false|\d{1,9}|\d+\.\d+)$/s.test(text) ? JSON.parse(text) : text; }
function fields(form) {
  const body = {};
  for (const one of form.elements) {
    if (!one.name || one.disabled || (one.type === "radio" && !one.checked)) continue;
    const kind = one.dataset.kind;
    if (one.type === "checkbox") body[one.name] = one.checked;
    else if (kind === "json") { if (one.value.trim()) body[one.name] = JSON.parse(one.value); }
    else if (kind === "maybe") { if (one.value !== "") body[one.name] = guess(one.value); }
    else body[one.name] = one.type === "number" || one.type === "range" ? Number(one.value) : one.value;
  }
  return body;
}
async function run(path, body, text) {
  try {
    const found = await post(path, body);
    tell(text || told(found));
    refresh();
    return found;
  } catch (failure) {
    tell(failure.message, true);
    return null;
  }
}
/* Whatever changes by itself carries data-live; it is read anew without disturbing what is being typed. */
async function refresh() {
  const shown = document.querySelectorAll("[data-live]");
  if (!shown.length || document.querySelector("details[open]")) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  for (const one of shown) {
    const fresh = page.getElementById(one.id);
    if (fresh && fresh.innerHTML !== one.innerHTML) {
      one.innerHTML = fresh.innerHTML;
      if (one.classList.contains("chat")) one.scrollTop = one.scrollHeight;
    }
  }
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { act, copy, scan, close, clock } = button.dataset;
  if (copy !== undefined) {
    await navigator.clipboard.writeText(copy).then(() => tell("已复制"), () => tell("浏览器不允许复制", true));
  } else if (act) {
    if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
    button.disabled = true;
    await run(act, JSON.parse(button.dataset.body || "{}"), button.dataset.told);
    button.disabled = false;
  } else if (scan) {
    const dialog = document.getElementById("scan");
    dialog.querySelector("[name=way]").value = scan;
    dialog.querySelector("#scan-title").textContent = button.dataset.title || "";
    dialog.querySelector("[name=nickname]").value = NAMES[Math.floor(Math.random() * NAMES.length)];
    dialog.showModal();
  } else if (close !== undefined) {
    button.closest("dialog").close();
  } else if (clock) {
    button.disabled = true;
    await run("clock", JSON.parse(clock), "时钟已调整");
    location.reload();
  }
});
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.id === "order") {
    event.preventDefault();
    const [kind, path, times] = ["kind", "path", "times"].map((id) => document.getElementById(id).value);
    if (await run("faults", { orders: [{ kind, path, times: Number(times) }] }, form.dataset.told)) location.reload();
  } else if (form.dataset.post) {
    event.preventDefault();
    let body;
    try { body = fields(form); } catch { tell("参数不是合法的 JSON", true); return; }
    if (await run(form.dataset.post, body, form.dataset.told) && form.dataset.clear !== undefined) form.reset();
  } else if (form.dataset.scan !== undefined) {
    event.preventDefault();
    const body = fields(form);
    try {
      const person = body.who === "new" ? (await post("people", { nickname: body.nickname || "新顾客", gender: Number(body.gender) })).unionid : body.who === "town" ? body.buyer : body.person;
      if (!person) throw new Error("还没有选择由谁来扫码");
      const path = form.dataset.scan === "join" ? ["actions/join_group", { group: body.way, person }] : ["actions/scan", { way: body.way, person, half: body.half }];
      const found = await post(...path);
      tell(told(found), ["nobody", "full", "unknown", "not_added"].includes(found.outcome));
      form.closest("dialog")?.close();
      if (found.external_userid) setTimeout(() => { location.href = "/contacts/" + found.external_userid; }, 700);
      else refresh();
    } catch (failure) { tell(failure.message, true); }
  }
});
document.addEventListener("input", (event) => {
  const one = event.target;
  if (one.dataset.share) one.parentElement.querySelector(".share").textContent = Math.round(one.value * 100) + "%";
  if (one.name === "who") {
    for (const part of one.form.querySelectorAll("[data-who]")) part.hidden = part.dataset.who !== one.value;
    if (one.value === "town") meet(one.form.querySelector("[name=buyer]"));
  }
  if (one.dataset.search !== undefined) {
    clearTimeout(searching);
    searching = setTimeout(async () => {
      const found = await (await fetch("/simulator/people?limit=60&like=" + encodeURIComponent(one.value))).json();
      offer(one.form.querySelector("[name=person]"), found, "没有这个人");
    }, 250);
  }
});
let searching;
function offer(select, people, nobody) {
  select.replaceChildren(...people.map((one) => new Option(one.nickname + " · " + (one.phone || one.unionid.slice(-8)), one.unionid)));
  if (!people.length) select.append(new Option(nobody, ""));
}
async function meet(select) {
  if (select.options.length) return;
  try { offer(select, await post("actions/town_buyers", {}), "没有人了"); }
  catch { offer(select, [], "演示小城还没有住进来"); }
}
document.addEventListener("change", (event) => {
  const one = event.target;
  if (one.dataset.share) run("faults", { shares: { [one.dataset.share]: Number(one.value) } }, "故障比例已设置");
});
document.querySelector(".side a.here")?.scrollIntoView({ block: "nearest", inline: "center" });
for (const one of document.querySelectorAll(".chat")) one.scrollTop = one.scrollHeight;
setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, 2000);
