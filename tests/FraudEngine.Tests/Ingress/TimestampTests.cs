using System.Net;

namespace FraudEngine.Tests.Ingress;

/// <summary>What a timestamp may be.</summary>
public sealed class TimestampTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    [Theory]
    [InlineData("2026-06-01T10:00:00", "must have an offset from UTC, such as Z or +01:00")]
    [InlineData("2026-06-01T10:00:00.5", "must have an offset from UTC, such as Z or +01:00")]
    [InlineData("2026-02-29T10:00:00Z", "")]
    [InlineData("2026-13-01T10:00:00Z", "")]
    [InlineData("2026-00-01T10:00:00Z", "")]
    [InlineData("2026-06-31T10:00:00Z", "")]
    [InlineData("0000-01-01T00:00:00Z", "")]
    [InlineData("2026-06-01T24:00:00Z", "")]
    [InlineData("2026-06-01T10:60:00Z", "")]
    [InlineData("2026-06-01T10:00:61Z", "")]
    [InlineData("2026-06-01T10:00:00.Z", "")]
    [InlineData("2026-06-01T10:00:00+24:00", "")]
    [InlineData("2026-06-01T10:00:00+0100", "")]
    [InlineData("2026-06-01T10:00:00Zulu", "")]
    [InlineData("2026-06-01", "")]
    [InlineData("2026-06-01T10:00Z", "")]
    [InlineData("1780308000", "")]
    [InlineData("", "")]
    [InlineData("yesterday", "")]
    [InlineData("0001-01-01T00:00:00+00:01", "")]
    [InlineData("9999-12-31T23:59:60Z", "")]
    [InlineData("２026-06-01T10:00:00Z", "")]
    public async Task An_impossible_timestamp_is_refused(string timestamp, string problem) => Assert.Equal(
        $"timestamp {(problem.Length > 0 ? problem : "must be an RFC 3339 timestamp such as 2026-01-31T12:00:00Z")}",
        (await engine.PostAsync(Tx.With("timestamp", $"\"{timestamp}\""))).Errors());

    [Theory]
    [InlineData("2026-05-30T10:00:00Z", "2026-05-30T10:00:00Z")]
    [InlineData("2026-05-30t10:00:00z", "2026-05-30T10:00:00Z")]
    [InlineData("2026-05-30 10:00:00Z", "2026-05-30T10:00:00Z")]
    [InlineData("2026-05-30T10:00:00-00:00", "2026-05-30T10:00:00Z")]
    [InlineData("2026-05-30T10:00:00+14:00", "2026-05-29T20:00:00Z")]
    [InlineData("2026-05-30T10:00:00-23:59", "2026-05-31T09:59:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("2026-05-30T10:00:00.1234567Z", "2026-05-30T10:00:00.1234567Z")]
    [InlineData("2026-05-30T10:00:00.12345678999999999999999999999999999999Z", "2026-05-30T10:00:00.1234567Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    public async Task A_timestamp_is_kept_in_UTC(string timestamp, string kept)
    {
        var account = Tx.NewAccount();
        Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.Json(account, "t", ("timestamp", $"\"{timestamp}\"")))).Status);
        Assert.Equal(kept, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("newest").GetString());
    }
}
