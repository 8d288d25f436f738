namespace PaymentSimulator;

/// <summary>What a merchant sells: its merchant category code (ISO 18245) and how its amounts compare to a customer's mean.</summary>
internal sealed record Trade(string Category, double AmountFactor)
{
    public static readonly Trade CashMachine = new("6011", 2.0);

    public static readonly Trade[] Shops =
    [
        new("5411", 1.0), new("5411", 0.9), new("5812", 0.8), new("5814", 0.3), new("5541", 1.3), new("5912", 0.5), new("5651", 1.5),
        new("5311", 1.4), new("4111", 0.2), new("5732", 3.0), new("7011", 4.0), new("5942", 0.5), new("7832", 0.5), new("5200", 1.6),
    ];

    public static readonly Trade[] OnlineShops =
    [
        new("5815", 0.3), new("5816", 0.4), new("5968", 0.4), new("5964", 1.2), new("5734", 1.5), new("4511", 5.0), new("5999", 1.0),
    ];
}
