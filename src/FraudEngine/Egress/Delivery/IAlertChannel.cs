using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>A way by which alerts reach someone: a webhook endpoint, or e-mail.</summary>
internal interface IAlertChannel
{
    /// <summary>As deliveries name it: <c>webhook:NAME</c> or <c>email</c>.</summary>
    string Name { get; }

    /// <summary>Messages under way at a time.</summary>
    int ConcurrencyMax { get; }

    /// <summary>How alerts of an account become one message.</summary>
    Grouping Grouping { get; }

    /// <summary>For each alert when it may go out at the earliest; null where it is not for this channel. Faults with <see cref="IOException"/> where it can't say now.</summary>
    ValueTask<IReadOnlyList<AlertPlan?>> PlanAsync(IReadOnlyList<StoredAlert> alerts, DateTimeOffset now);

    /// <summary>Sends a message. Never throws, but where it is cancelled.</summary>
    Task<SendResult> SendAsync(AlertMessage message, CancellationToken cancellation);
}

/// <param name="IsUrgent">Whether it, and what waits before it in its account, goes out at once, whatever the limits of grouping say.</param>
internal readonly record struct AlertPlan(DateTimeOffset DueAt, bool IsUrgent);

/// <param name="Wait">How long the first of a group waits for others.</param>
/// <param name="PerHourMax">Messages of an account in an hour, but for urgent ones; what comes above that waits for the next.</param>
/// <param name="AlertsMax">Alerts in one message; 1 for no grouping.</param>
internal sealed record Grouping(TimeSpan Wait, int PerHourMax, int AlertsMax)
{
    public static Grouping None { get; } = new(TimeSpan.Zero, int.MaxValue, 1);
}

/// <summary>Alerts of one account that go out as one: the first gives the message its id.</summary>
internal sealed record AlertMessage(IReadOnlyList<StoredAlert> Alerts, int Attempt)
{
    public AlertId Id => AlertId.Of(Alerts[0].Transaction);

    /// <summary>
    /// The same whenever the same alerts are sent, and another when there are others among them, so that a receiver may drop what has the same one again: the
    /// alert's id, and of a group how many they are.
    /// </summary>
    public string Key => Alerts.Count == 1 ? Id.ToString() : $"{Id}-{Alerts.Count}";
}

/// <param name="Problem">Null where the receiver has it; else why not, without addresses or secrets.</param>
/// <param name="IsPermanent">Whether trying again is no use (an address that the server refuses for good).</param>
/// <param name="RetryAfter">What the receiver asks to wait.</param>
/// <param name="IsOfEndpoint">Whether the failure says that the whole channel is in trouble (can't connect, times out, answers 5xx), so that its breaker counts it.</param>
internal sealed record SendResult(string? Problem, bool IsPermanent = false, TimeSpan? RetryAfter = null, bool IsOfEndpoint = true)
{
    public static SendResult Delivered { get; } = new(null, IsOfEndpoint: false);
}
