using FraudEngine.Domain;

namespace FraudEngine.Storage;

/// <summary>What has become of an alert on one channel.</summary>
public enum DeliveryState : byte
{
    None,

    /// <summary>To be sent at its time: for the first time (quiet hours, grouping, behind another of its account), or again after it has failed.</summary>
    Waiting,

    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>It was part of the message that another alert's delivery stands for.</summary>
    Grouped,

    /// <summary>Given up: a dead letter, to be sent again by hand.</summary>
    Dead,
}

/// <summary>An alert on a channel. An alert without one was not looked at yet, or is not for the channel.</summary>
/// <param name="Channel"><c>webhook:NAME</c> or <c>email</c>.</param>
/// <param name="Position">The alert's, in the outbox.</param>
/// <param name="AccountId">As UTF-8.</param>
/// <param name="Attempts">Made so far.</param>
/// <param name="DueTicks">When it is to be tried next, in UTC ticks; 0 where it is not.</param>
/// <param name="FirstTicks">When it was taken up; UTC ticks.</param>
/// <param name="UpdatedTicks">When this became so; UTC ticks.</param>
/// <param name="Message">The alert by whose id the message went out; its own where it was not grouped.</param>
/// <param name="Problem">Why the last attempt failed, without addresses or secrets; null where it did not.</param>
public sealed record Delivery(
    string Channel, long Position, AlertId Alert, byte[] AccountId, DeliveryState State, int Attempts, long DueTicks, long FirstTicks, long UpdatedTicks,
    AlertId Message, string? Problem);

/// <summary>
/// How far alerts have been delivered, channel by channel. A channel's cursor is a position of the outbox: every alert up to it that is for the channel has a
/// stored delivery. Implementations pass the same contract tests.
/// </summary>
public interface IDeliveryStore
{
    /// <summary>Null where the channel never had one.</summary>
    Task<long?> ReadCursorAsync(string channel);

    /// <summary>Stores deliveries, in place of earlier ones of the same channel and position, and the channel's cursor, in one commit.</summary>
    Task WriteDeliveriesAsync(string channel, long cursor, IReadOnlyList<Delivery> changed);

    /// <summary>A channel's deliveries in a state, or in any where it is <see cref="DeliveryState.None"/>, above a position, in the order of positions.</summary>
    Task<IReadOnlyList<Delivery>> ReadDeliveriesAsync(string channel, DeliveryState state, long after, int max);

    /// <summary>What has become of an alert on all channels, in the order of their names.</summary>
    Task<IReadOnlyList<Delivery>> ReadDeliveriesOfAsync(AlertId alert);

    /// <summary>How many deliveries of a channel are in each state.</summary>
    Task<IReadOnlyDictionary<DeliveryState, long>> CountDeliveriesAsync(string channel);

    /// <summary>
    /// Makes this node the one that delivers on a channel, until what is returned is disposed of; null where another node does. Of a journal that only one node
    /// has it is always granted.
    /// </summary>
    Task<IDeliveryLease?> TryLeaseAsync(string channel);
}

/// <summary>A node's right to deliver on a channel.</summary>
public interface IDeliveryLease : IAsyncDisposable
{
    /// <summary>Ends when it is gone: another node may have it.</summary>
    CancellationToken Lost { get; }
}
