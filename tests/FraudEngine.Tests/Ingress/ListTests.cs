using System.Net;
using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Ingress;

/// <summary>Named lists over HTTP.</summary>
public sealed class ListTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly ListClient _lists = new(engine);
    private readonly string _name = ListClient.NewName();

    [Fact]
    public async Task A_list_is_made_replaced_added_to_and_emptied()
    {
        await ChangesAsync("PUT", "", """{"entries":["M-1","M-2",{"text":"M-3","expires":"2026-12-31T01:00:00+01:00"}]}""", count: 3, added: 3);
        Assert.Equal("M-1|M-2|M-3@2026-12-31T00:00:00Z", await _lists.ReadAsync(_name));
        await ChangesAsync("PUT", "", """{"entries":[{"text":"M-1","expires":"2027-01-01T00:00:00Z"},"M-2","M-4"]}""", count: 3, added: 1, changed: 1, removed: 1);
        await ChangesAsync("POST", "", """{"entries":[{"text":"M-4","expires":null},{"expires":"2027-01-01T00:00:00Z","text":" M-5 "}]}""", count: 4, added: 1);
        Assert.Equal("M-1@2027-01-01T00:00:00Z|M-2|M-4|M-5@2027-01-01T00:00:00Z", await _lists.ReadAsync(_name));
        await ChangesAsync("DELETE", "", null, count: 0, removed: 4);
        Assert.Equal("", await _lists.ReadAsync(_name));
    }

    [Fact]
    public async Task A_list_may_be_text()
    {
        await ChangesAsync("PUT", "", "# merchants\nM-1\r\nM-2 2026-12-31T00:00:00Z\n\"M 3\" # why\n", count: 3, added: 3, contentType: "text/plain");
        await ChangesAsync("POST", "", "M-1\nM-4", count: 4, added: 1, contentType: "text/plain; charset=utf-8");
        Assert.Equal("M 3|M-1|M-2@2026-12-31T00:00:00Z|M-4", await _lists.ReadAsync(_name));
    }

    [Fact]
    public async Task One_entry_is_put_and_removed()
    {
        await ChangesAsync("PUT", "/M-1", null, count: 1, added: 1);
        await ChangesAsync("PUT", "/M-1", """{"expires":"2026-12-31T00:00:00Z"}""", count: 1, changed: 1);
        await ChangesAsync("PUT", "/M-1", "{}", count: 1, changed: 1);
        await ChangesAsync("PUT", "/M-2", """{"expires":null}""", count: 2, added: 1);
        await ChangesAsync("DELETE", "/M-3", null, count: 2);
        await ChangesAsync("DELETE", "/M-1", null, count: 1, removed: 1);
        Assert.Equal("M-2", await _lists.ReadAsync(_name));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("50%")]
    [InlineData("a b")]
    [InlineData("a?b=c&d#e")]
    [InlineData("naïve-😀-ಠ")]
    [InlineData("a\\b\"c'd")]
    [InlineData("a+b")]
    public async Task Any_entry_can_be_put_and_removed(string text)
    {
        await ChangesAsync("PUT", "/" + Uri.EscapeDataString(text), null, count: 1, added: 1);
        Assert.Equal(text, await _lists.ReadAsync(_name));
        await ChangesAsync("DELETE", "/" + Uri.EscapeDataString(text), null, count: 0, removed: 1);
    }

    [Fact]
    public async Task All_lists_are_told_with_their_owner_count_and_version()
    {
        var version = (await _lists.SendAsync("PUT", _name, """{"entries":["a","b"]}""")).Json.GetProperty("version").GetInt64();
        var all = (await engine.GetAsync("/v1/lists")).Json;
        Assert.True(all.GetProperty("version").GetInt64() >= version);
        var names = all.GetProperty("lists").EnumerateArray().Select(list => list.GetProperty("name").GetString()!).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Contains($$"""{"name":"{{_name}}","owner":"http","count":2,"version":{{version}}}""", all.GetProperty("lists").EnumerateArray().Select(list => list.GetRawText()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(25)]
    [InlineData(10_000)]
    public async Task A_list_is_paged_without_gap_or_overlap(int limit)
    {
        var texts = Enumerable.Range(0, 25).Select(i => i % 5 == 0 ? $"& {i}" : $"é-{i}").ToList();
        await _lists.SendAsync("PUT", _name, string.Join('\n', texts.Select(text => $"\"{text}\"")), "text/plain");
        Assert.Equal(string.Join('|', texts.Order(StringComparer.Ordinal)), await _lists.ReadAsync(_name, limit));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=10001")]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("limit=")]
    public async Task A_page_out_of_range_is_refused(string query) => (await engine.GetAsync($"/v1/lists/{_name}?{query}")).Problem(400, "invalid-query");

    [Theory]
    [InlineData("", "The body must be a JSON object.")]
    [InlineData("[]", "The body must be a JSON object.")]
    [InlineData("{", "The body is not valid JSON (line 1, byte 2).")]
    [InlineData("{}", "The member entries is missing")]
    [InlineData("""{"entries":[]}x""", "The body is not valid JSON")]
    [InlineData("""{"entries":"M-1"}""", "The body must be an object with the member entries, an array, and nothing else")]
    [InlineData("""{"entries":[],"owner":"me"}""", "The body must be an object with the member entries, an array, and nothing else")]
    [InlineData("""{"entries":[],"entries":[]}""", "The body must be an object with the member entries, an array, and nothing else")]
    [InlineData("""{"entries":["a",""]}""", "Entry 2: an entry must have 1 to 64 printable characters.")]
    [InlineData("""{"entries":["a\u0000"]}""", "Entry 1: an entry must have 1 to 64 printable characters.")]
    [InlineData("""{"entries":["\ud800"]}""", "Entry 1 is not valid Unicode text.")]
    [InlineData("""{"entries":[1]}""", "Entry 1: it must be a string, or an object")]
    [InlineData("""{"entries":[null]}""", "Entry 1: it must be a string, or an object")]
    [InlineData("""{"entries":["a",{"expires":"2026-12-31T00:00:00Z"}]}""", "Entry 2: text is missing.")]
    [InlineData("""{"entries":[{"text":1}]}""", "Entry 1: text must be a string.")]
    [InlineData("""{"entries":[{"text":"a","expiry":"2026-12-31T00:00:00Z"}]}""", "Entry 1: it may have the members text and expires and no other.")]
    [InlineData("""{"entries":[{"text":"a","expires":1}]}""", "Entry 1: expires must be a string.")]
    [InlineData("""{"entries":[{"text":"a","expires":"tomorrow"}]}""", "Entry 1: the expiry must be a time with its offset such as 2026-12-31T00:00:00Z.")]
    [InlineData("""{"entries":["a",{"text":"a","expires":"2026-12-31T00:00:00Z"}]}""", "Entry 2: the entry is given twice, with different expiries.")]
    public async Task A_wrong_body_is_refused_with_its_place_and_changes_nothing(string json, string detail)
    {
        foreach (var method in (string[])["PUT", "POST"])
        {
            var problem = (await _lists.SendAsync(method, _name, json)).Problem(400, "invalid-list");
            Assert.StartsWith(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        (await engine.GetAsync($"/v1/lists/{_name}")).Problem(404, "unknown-list");
    }

    [Fact]
    public async Task A_wrong_text_is_refused_with_its_line()
    {
        var problem = (await _lists.SendAsync("PUT", _name, "M-1\n\nM-2 2026-02-30T00:00:00Z", "text/plain")).Problem(400, "invalid-list");
        Assert.StartsWith("Line 3: the expiry must be a time", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"expires\":1}")]
    [InlineData("{\"expires\":\"2026-12-31\"}")]
    [InlineData("{\"text\":\"x\"}")]
    [InlineData("{\"expires\":null")]
    public async Task A_wrong_body_for_one_entry_is_refused(string json) => (await _lists.SendAsync("PUT", _name + "/x", json)).Problem(400, "invalid-list");

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task An_entry_has_at_most_64_characters(int length, bool isTaken)
    {
        var text = string.Concat(Enumerable.Repeat("é", length));
        var replies = new[]
        {
            await _lists.SendAsync("POST", _name, $$"""{"entries":["{{text}}"]}"""),
            await _lists.SendAsync("POST", _name, text, "text/plain"),
            await _lists.SendAsync("PUT", $"{_name}/{Uri.EscapeDataString(text)}"),
        };
        Assert.All(replies, reply => Assert.Equal(isTaken, reply.Status == HttpStatusCode.OK));
        Assert.All(replies, reply => Assert.True(isTaken || reply.Problem(400, "invalid-list").GetProperty("detail").GetString()!.Contains("1 to 64 printable characters", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Blocked")]
    [InlineData("-a")]
    [InlineData("a_b")]
    [InlineData("a%20b")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        (await _lists.SendAsync("PUT", name, """{"entries":[]}""")).Problem(400, "invalid-name");
        (await _lists.SendAsync("POST", name, """{"entries":[]}""")).Problem(400, "invalid-name");
        (await _lists.SendAsync("PUT", name + "/x")).Problem(400, "invalid-name");
        (await _lists.SendAsync("DELETE", name)).Problem(404, "unknown-list");
        (await _lists.SendAsync("GET", name)).Problem(404, "unknown-list");
    }

    [Fact]
    public async Task An_unknown_list_is_told_with_the_nearest_name()
    {
        await _lists.SendAsync("PUT", "blocked-merchants", """{"entries":[]}""");
        foreach (var call in (string[])["GET blocked-merchant", "DELETE blocked-merchant", "DELETE blocked-merchant/x"])
        {
            var problem = (await _lists.SendAsync(call.Split(' ')[0], call.Split(' ')[1])).Problem(404, "unknown-list");
            Assert.Equal("There is no list 'blocked-merchant'; did you mean 'blocked-merchants'?", problem.GetProperty("detail").GetString());
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/x-ndjson")]
    [InlineData("text/plain; charset=latin1")]
    [InlineData("")]
    public async Task Another_content_type_is_refused(string contentType)
    {
        (await _lists.SendAsync("PUT", _name, "M-1", contentType)).Problem(415, "content-type");
        (await _lists.SendAsync("PUT", _name + "/x", "M-1", contentType)).Problem(415, "content-type");
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_however_it_comes()
    {
        (await _lists.SendAsync("PUT", _name, new byte[(32 << 20) + 1], "text/plain")).Problem(413, "too-large");
        (await _lists.SendAsync("PUT", _name + "/x", new byte[(64 << 10) + 1], "application/json")).Problem(413, "too-large");
        using var content = new StreamContent(new MemoryStream(new byte[(32 << 20) + 1]));
        content.Headers.Add("Content-Type", "text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/lists/{_name}") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using var response = await engine.Client.SendAsync(request);
        (await Reply.OfAsync(response)).Problem(413, "too-large");
    }

    [Fact]
    public async Task A_change_is_in_force_before_it_is_answered()
    {
        var answered = (await _lists.SendAsync("PUT", _name + "/M-1")).Json.GetProperty("version").GetInt64();
        var inForce = engine.Host.Engine.InForce.Lists;
        Assert.Equal(answered, inForce.Version);
        Assert.True(inForce.Find(_name).Contains(TextKey.Of("M-1"), 0));
    }

    [Fact]
    public async Task A_million_entries_are_taken_at_once_and_one_more_is_not()
    {
        await using var own = await RunningEngine.StartAsync();
        var lists = new ListClient(own);
        var text = new StringBuilder();
        for (var i = 0; i < ListEntries.CountMax; i++)
        {
            text.Append("M-").Append(i).Append('\n');
        }

        var taken = (await lists.SendAsync("PUT", "large", text.ToString(), "text/plain")).Json;
        Assert.Equal((ListEntries.CountMax, ListEntries.CountMax), (taken.GetProperty("count").GetInt32(), taken.GetProperty("added").GetInt32()));
        (await lists.SendAsync("PUT", "large/one-more")).Problem(422, "too-many-entries");
        (await lists.SendAsync("PUT", "other/one-more")).Problem(422, "too-many-entries");
        (await lists.SendAsync("PUT", "large", text.Append("one-more").ToString(), "text/plain")).Problem(400, "invalid-list");
        Assert.Equal(HttpStatusCode.OK, (await own.PostAsync(Tx.Json(Tx.NewAccount(), "t"))).Status);
    }

    [Fact]
    public async Task Lists_are_there_after_a_restart()
    {
        await using var own = await RunningEngine.StartAsync();
        await new ListClient(own).SendAsync("PUT", _name, """{"entries":["M-1",{"text":"M-2","expires":"2026-12-31T00:00:00Z"}]}""");
        await new ListClient(own).SendAsync("DELETE", _name + "/M-1");
        var before = (await own.GetAsync("/v1/lists")).Body;
        await own.RestartAsync();
        Assert.Equal(before, (await own.GetAsync("/v1/lists")).Body);
        Assert.Equal("M-2@2026-12-31T00:00:00Z", await new ListClient(own).ReadAsync(_name));
        Assert.Equal(2, own.Host.Lists.Current.Version);
    }

    private async Task ChangesAsync(string method, string entry, string? body, int count, int added = 0, int changed = 0, int removed = 0, string contentType = "application/json")
    {
        var reply = await _lists.SendAsync(method, _name + entry, body, contentType);
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        Assert.Equal(
            $$"""{"name":"{{_name}}","owner":"http","count":{{count}},"version":{{engine.Host.Lists.Find(_name)!.Version}},"added":{{added}},"changed":{{changed}},"removed":{{removed}}}""",
            reply.Body);
    }
}
