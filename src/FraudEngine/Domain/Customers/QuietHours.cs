namespace FraudEngine.Domain.Customers;

/// <summary>When a customer wants to be left alone, day by day, but for what is urgent.</summary>
/// <param name="From">Local time, included.</param>
/// <param name="Until">Local time, excluded; at or before <paramref name="From"/> it is of the next day.</param>
/// <param name="TimeZone">By its IANA name, such as <c>Europe/Brussels</c>.</param>
public sealed record QuietHours(TimeOnly From, TimeOnly Until, string TimeZone);
