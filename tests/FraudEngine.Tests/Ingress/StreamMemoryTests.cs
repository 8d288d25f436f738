namespace FraudEngine.Tests.Ingress;

/// <summary>What a client can make the engine hold in memory. Alone, because what other tests hold would count.</summary>
[Collection(Alone.Name)]
public sealed class StreamMemoryTests
{
    [Fact]
    public async Task A_client_that_never_reads_is_not_read_any_more_and_holds_up_nobody()
    {
        await using var own = await RunningEngine.StartAsync();
        var body = StreamClientTests.Lines(50_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var never = await own.ConnectAsync();
        await never.SendHeadAsync("application/x-ndjson", "Content-Length: 1000000000");
        var sent = 0L;
        for (var round = 0; round < 40; round++)
        {
            var took = await Task.Run(() => never.SendUntilFull(body, TimeSpan.FromSeconds(2)));
            sent += took;
            if (took < body.Length)
            {
                break;
            }
        }

        // 64 MiB of answers, at about the size of their lines, and what the window and the sockets hold.
        Assert.InRange(sent, 1, 160L << 20);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 160L << 20);
        var account = Tx.NewAccount();
        Assert.Equal(Tx.Approved(account, "t"), (await own.PostAsync(Tx.Json(account, "t"))).Body);
        Assert.Equal([Tx.Approved(account, "u")], await own.StreamAsync(Tx.Json(account, "u")));

        await own.StopAsync();
    }
}
