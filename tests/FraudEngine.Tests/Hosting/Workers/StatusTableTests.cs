using FraudEngine.Hosting.Workers;

namespace FraudEngine.Tests.Hosting.Workers;

public sealed class StatusTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Workers_stand_in_columns_and_what_is_not_known_is_a_dash() => Assert.Equal(
        """
        worker      pid  state         for  restarts  shards  decisions/s  in flight  url
        [1] bank-1  812  ready    00:01:05         0      32         1251         12  http://127.0.0.1:5081
        [2] bank-2    -  waiting     2d 3h        11       -            -          -  http://127.0.0.1:5082
        """,
        string.Join('\n', StatusTable.Lines(
            [
                new WorkerRow(1, "bank-1", 812, WorkerState.Ready, Now.AddSeconds(-65), 0, 32, 1250.6, 12, "http://127.0.0.1:5081"),
                new WorkerRow(2, "bank-2", null, WorkerState.Waiting, Now.AddHours(-51), 11, null, null, null, "http://127.0.0.1:5082"),
            ],
            Now)));
}
