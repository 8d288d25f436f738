using System.Collections.Concurrent;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Egress.Delivery;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Egress.Delivery;

/// <summary>A channel whose receiver is the test.</summary>
internal sealed class FakeChannel(string name = "webhook:test") : IAlertChannel
{
    public string Name { get; } = name;

    public int ConcurrencyMax { get; init; } = 4;

    public Grouping Grouping { get; init; } = Grouping.None;

    public Func<StoredAlert, AlertPlan?> Plan { get; set; } = static _ => new AlertPlan(DateTimeOffset.MinValue, IsUrgent: false);

    /// <summary>What becomes of a message.</summary>
    public Func<AlertMessage, CancellationToken, Task<SendResult>> Send { get; set; } = static (_, _) => Task.FromResult(SendResult.Delivered);

    /// <summary>What was sent, whatever became of it: accounts and transactions.</summary>
    public ConcurrentQueue<string> Sent { get; } = new();

    /// <summary>What was delivered.</summary>
    public ConcurrentQueue<string> Delivered { get; } = new();

    public ValueTask<IReadOnlyList<AlertPlan?>> PlanAsync(IReadOnlyList<StoredAlert> alerts, DateTimeOffset now) => ValueTask.FromResult<IReadOnlyList<AlertPlan?>>([.. alerts.Select(Plan)]);

    public async Task<SendResult> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        var text = string.Join('+', message.Alerts.Select(TextOf));
        Sent.Enqueue(text);
        var result = await Send(message, cancellation);
        if (result.Problem is null)
        {
            Delivered.Enqueue(text);
        }

        return result;
    }

    public static string TextOf(StoredAlert alert) =>
        $"{alert.Transaction.TextString(TransactionField.AccountId)}/{Encoding.UTF8.GetString(alert.Transaction.TransactionId)}";
}

/// <summary>Keeps what an operator would be told.</summary>
internal sealed class HeardEvents : IDeliveryEvents
{
    public ConcurrentQueue<string> All { get; } = new();

    public void Taken(string channel) => All.Enqueue("taken");

    public void Lost(string channel) => All.Enqueue("lost");

    public void Opened(string channel, string problem) => All.Enqueue("opened");

    public void Closed(string channel) => All.Enqueue("closed");

    public void GaveUp(string channel, int alerts, string problem) => All.Enqueue($"gave up {alerts}");

    public void Interrupted(string channel, string reason) => All.Enqueue("interrupted");

    public void SendingFaulted(string channel, Exception reason) => All.Enqueue("sending faulted");

    public void Restarted(string channel, Exception reason) => All.Enqueue("restarted");
}
