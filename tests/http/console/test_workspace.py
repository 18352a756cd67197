from tests.support.console import Console, everything, somebody
from tests.support.sales import Sale, put_sales
from tests.support.workspaces import START
from wellspring.console.contracts import FILE_PERMISSIONS, Permission
from wellspring.kernel import audit, jobs
from wellspring.kernel.auth import SYSTEM, known_permissions
from wellspring.kernel.settings import WorkspaceSettings, for_people
from wellspring.people.settings import PeopleSettings


class TestWorkspace:
    def test_the_ladder(self, console: Console) -> None:
        assert console.client.get("/api/workspace").status_code == 401
        console.by = somebody()
        assert console.client.get("/api/workspace").status_code == 403
        console.by = somebody(Permission.WORKSPACE_READ)
        answer = console.client.get("/api/workspace").json()
        assert answer == {
            "slug": console.ws.slug,
            "name": "我的品牌",
            "time_zone": "Asia/Shanghai",
            "currency": "CNY",
            "locale": "zh-CN",
            "is_demo": False,
            "lab": True,
        }
        assert console.client.put("/api/workspace", json={"name": "山泉"}).status_code == 403

    def test_a_change_keeps_the_rest_and_is_audited(self, console: Console) -> None:
        console.by = everything()
        assert console.client.put("/api/workspace", json={"name": "山泉", "locale": "en"}).json()["name"] == "山泉"
        assert console.ws.settings.get(WorkspaceSettings).time_zone == "Asia/Shanghai"
        entry = audit.listing(console.ws.sql, action="console.workspace_changed").rows[0]
        assert entry.detail == {"name": ["我的品牌", "山泉"], "locale": ["zh-CN", "en"]}

    def test_what_is_not_a_setting_is_refused(self, console: Console) -> None:
        console.by = everything()
        assert console.client.put("/api/workspace", json={"is_demo": True}).status_code == 422
        assert console.client.put("/api/workspace", json={"time_zone": "Mars/Olympus"}).status_code == 422
        assert console.client.put("/api/workspace", json={"currency": "yuan"}).status_code == 422

    def test_the_currency_is_fixed_once_there_are_amounts(self, console: Console) -> None:
        console.by = everything()
        assert console.client.put("/api/workspace", json={"currency": "USD"}).status_code == 200
        put_sales(console.ws, [Sale(0, 100, START)])
        refused = console.client.put("/api/workspace", json={"currency": "EUR"})
        assert (refused.status_code, refused.json()["code"]) == (409, "console.currency_fixed")
        assert console.client.put("/api/workspace", json={"currency": "USD", "name": "x"}).status_code == 200

    def test_the_state_of_the_system(self, console: Console) -> None:
        console.by = everything()
        found = console.client.get("/api/workspace/system").json()
        assert found["stores"] == {"sql": "SQLite" if console.ws.sql.is_sqlite else "PostgreSQL", "log": "Chdb"}
        assert found["versions"].keys() == {"wellspring", "python", "sql", "log"}
        assert found["sizes"]["sql"] > 0
        assert (found["watermark"], found["put_aside"], found["lab"]) == (0, 0, True)

    def test_a_backup_is_a_job(self, console: Console) -> None:
        console.by = everything()
        job_id = console.client.post("/api/workspace/backup").json()["job_id"]
        assert jobs.get(console.ws, job_id).kind == "kernel.backup"


class TestFirstRun:
    def test_an_empty_workspace_offers_the_demo_once(self, console: Console) -> None:
        console.by = everything()
        assert console.client.get("/api/first-run").json() == {"is_empty": True, "has_demo": False, "lab": True}
        asked = console.client.post("/api/first-run/demo")
        assert asked.status_code == 202
        assert jobs.get(console.ws, asked.json()["job_id"]).kind == "console.load_demo"

    def test_the_demo_is_refused_where_there_is_something(self, console: Console) -> None:
        console.by = everything()
        put_sales(console.ws, [Sale(0, 100, START)])
        assert console.client.get("/api/first-run").json()["is_empty"] is False
        assert console.client.post("/api/first-run/demo").json()["code"] == "console.not_empty"

    def test_loading_needs_the_permission(self, console: Console) -> None:
        console.by = somebody()
        assert console.client.get("/api/first-run").status_code == 200
        assert console.client.post("/api/first-run/demo").status_code == 403


class TestJobs:
    def enqueue(self, console: Console, actor: str) -> str:
        with console.ws.sql.write() as tx:
            return jobs.enqueue(console.ws, tx, "kernel.backup", {}, by=everything(actor))

    def test_who_asked_for_a_job_may_watch_and_stop_it(self, console: Console) -> None:
        job_id = self.enqueue(console, "usr_a")
        console.by = somebody(actor="usr_a")
        assert console.client.get(f"/api/jobs/{job_id}").json()["progress"] == {"done": 0, "total": None, "note": ""}
        assert console.client.post(f"/api/jobs/{job_id}/cancel").json()["state"] == "cancelled"
        assert audit.listing(console.ws.sql, subject=job_id).rows[0].action == "console.job_cancelled"

    def test_a_stranger_s_job_looks_like_none(self, console: Console) -> None:
        job_id = self.enqueue(console, "usr_a")
        console.by = somebody(actor="usr_b")
        assert console.client.get(f"/api/jobs/{job_id}").status_code == 404
        assert console.client.post(f"/api/jobs/{job_id}/cancel").status_code == 404
        console.by = somebody(Permission.JOB_READ, actor="usr_b")
        assert console.client.get(f"/api/jobs/{job_id}").status_code == 200
        assert console.client.post(f"/api/jobs/{job_id}/cancel").status_code == 404

    def test_the_list_is_paged_and_filtered(self, console: Console) -> None:
        ids = [self.enqueue(console, "usr_a") for _ in range(3)]
        console.by = somebody(Permission.JOB_READ)
        first = console.client.get("/api/jobs", params={"limit": 2, "state": "queued"}).json()
        second = console.client.get("/api/jobs", params={"limit": 2, "cursor": first["next_cursor"]}).json()
        assert [row["id"] for row in [*first["rows"], *second["rows"]]] == sorted(ids, reverse=True)
        assert console.client.get("/api/jobs", params={"state": "failed"}).json()["rows"] == []
        assert console.client.get("/api/jobs", params={"state": "odd"}).status_code == 422


class TestFiles:
    def put(self, console: Console, purpose: str = "backup", name: str = '备份 "一"\n.zip') -> str:
        return console.ws.files.put([b"plain ", b"content"], name=name, media_type="application/zip", purpose=purpose).id

    def test_a_file_streams_to_whoever_may_do_what_made_it(self, console: Console) -> None:
        file_id = self.put(console)
        assert console.client.get(f"/api/files/{file_id}").status_code == 401
        console.by = somebody(Permission.JOB_READ)
        assert console.client.get(f"/api/files/{file_id}").status_code == 403
        console.by = somebody(Permission.BACKUP_WRITE)
        answer = console.client.get(f"/api/files/{file_id}")
        assert answer.content == b"plain content"
        assert answer.headers["content-length"] == "13"
        assert answer.headers["cache-control"] == "no-store"
        assert audit.listing(console.ws.sql, subject=file_id).rows[0].action == "console.file_opened"

    def test_the_name_stays_and_cannot_break_out(self, console: Console) -> None:
        console.by = everything()
        header = console.client.get(f"/api/files/{self.put(console)}").headers["content-disposition"]
        assert header == "attachment; filename=\"_____.zip\"; filename*=UTF-8''%E5%A4%87%E4%BB%BD%20%22%E4%B8%80%22%0A.zip" or (
            header.startswith('attachment; filename="') and "\n" not in header and "%22%E4%B8%80%22" in header
        )

    def test_an_unknown_file_or_purpose_opens_to_nobody(self, console: Console) -> None:
        console.by = everything()
        assert console.client.get("/api/files/file_nothing").status_code == 404
        assert console.client.get(f"/api/files/{self.put(console, purpose='odd')}").status_code == 404

    def test_a_limited_scope_opens_only_what_its_own_job_made(self, console: Console) -> None:
        file_id = self.put(console)
        mine = somebody(Permission.BACKUP_WRITE, units=frozenset({"unit_1"}), actor="usr_mine")
        with console.ws.sql.write() as tx:
            job_id = jobs.enqueue(console.ws, tx, "kernel.backup", {}, by=mine)
            tx.execute(jobs.job_table.update().where(jobs.job_table.c.id == job_id).values(state="done", result={"file_id": file_id}))
        console.by = somebody(Permission.BACKUP_WRITE, units=frozenset({"unit_1"}), actor="usr_other")
        assert console.client.get(f"/api/files/{file_id}").status_code == 404
        console.by = mine
        assert console.client.get(f"/api/files/{file_id}").status_code == 200

    def test_every_permission_named_for_a_file_exists(self, console: Console) -> None:
        assert set(FILE_PERMISSIONS.values()) <= known_permissions().keys()
        assert SYSTEM.may("anything")


class TestSettingsOfDomains:
    def test_every_setting_is_shown_with_words_and_bounds(self, console: Console) -> None:
        console.by = everything()
        groups = {group["group"]: group for group in console.client.get("/api/workspace/settings").json()}
        assert groups.keys() == {group.group for group in for_people()}
        every = [setting for group in groups.values() for setting in group["settings"]]
        assert all(setting["zh"] and setting["en"] for setting in every)
        least = next(one for one in groups["people"]["settings"] if one["name"] == "duplicates_least")
        assert (least["kind"], least["value"], least["default"], least["least"], least["most"]) == ("number", 0.9, 0.9, 0.5, 1)

    def test_a_change_keeps_the_rest_is_audited_and_null_puts_the_default_back(self, console: Console) -> None:
        console.by = everything()
        asked = {"changes": {"duplicates_least": 0.8, "limits": {"phone": 2}}}
        assert console.client.put("/api/workspace/settings/people", json=asked).status_code == 200
        kept = console.ws.settings.get(PeopleSettings)
        assert (kept.duplicates_least, kept.limits, kept.phone_region) == (0.8, {"phone": 2}, "CN")
        entry = audit.listing(console.ws.sql, action="console.settings_changed").rows[0]
        assert (entry.subject, entry.detail) == ("people", {"duplicates_least": [0.9, 0.8], "limits": [{}, {"phone": 2}]})
        console.client.put("/api/workspace/settings/people", json={"changes": {"duplicates_least": None}})
        assert console.ws.settings.get(PeopleSettings).duplicates_least == 0.9

    def test_what_is_out_of_bounds_unknown_or_not_for_people_is_refused(self, console: Console) -> None:
        console.by = everything()
        for group, changes, field in (
            ("people", {"duplicates_least": 0.2}, "duplicates_least"),
            ("people", {"limits": {"phone": 0}}, "limits"),
            ("access", {"session_hours": "long"}, "session_hours"),
            ("imports", {"colour": 1}, "colour"),
        ):
            refused = console.client.put(f"/api/workspace/settings/{group}", json={"changes": changes})
            assert (refused.status_code, refused.json()["params"]["field"]) == (422, field)
        assert console.client.put("/api/workspace/settings/people_sealing", json={"changes": {"key_id": "x"}}).status_code == 404
        console.by = somebody(Permission.WORKSPACE_READ)
        assert console.client.put("/api/workspace/settings/people", json={"changes": {"duplicates_weekly": True}}).status_code == 403
