using System.Globalization;

namespace PaymentSimulator;

/// <summary>All terminals, by country and for the whole world.</summary>
internal sealed class TerminalMap
{
    private const int OnlinePercent = 15;
    private const int CashMachinePercent = 10;
    private const int TerminalsPerCountryMin = 5;
    private const int NeighboursSampled = 40;

    private readonly Terminal[][] _byCountry;
    private readonly Terminal[] _online;

    public TerminalMap(SimulationSettings settings, double compromisedShare, RandomSequence random)
    {
        var onlineCount = Math.Max(1, settings.Terminals * OnlinePercent / 100);
        var localCount = settings.Terminals - onlineCount;
        CountryCount = Math.Clamp(localCount / TerminalsPerCountryMin, 1, Country.All.Length);
        var byCountry = Enumerable.Range(0, CountryCount).Select(_ => new List<Terminal>()).ToArray();
        for (var i = 0; i < localCount; i++)
        {
            // Each country has some, and the first ones have more.
            var country = i < CountryCount * TerminalsPerCountryMin ? i % CountryCount : SomeCountry(random);
            var isCashMachine = random.Below(100) < CashMachinePercent;
            var trade = isCashMachine ? Trade.CashMachine : Trade.Shops[random.Below(Trade.Shops.Length)];
            var channel = isCashMachine ? PaymentChannel.Atm : PaymentChannel.Pos;
            byCountry[country].Add(Build(i, trade, channel, country, random));
        }

        _byCountry = [.. byCountry.Select(terminals => terminals.ToArray())];
        _online = [.. Enumerable.Range(localCount, onlineCount).Select(
            i => Build(i, Trade.OnlineShops[random.Below(Trade.OnlineShops.Length)], PaymentChannel.Online, SomeCountry(random), random))];
        Begin(settings.Start.UtcTicks, compromisedShare, random);
    }

    /// <summary>How many of <see cref="Country.All"/> have terminals: customers live in and travel to these only.</summary>
    public int CountryCount { get; }

    /// <summary>The first countries of the list are the likelier ones.</summary>
    public int SomeCountry(RandomSequence random) => Math.Min(random.Below(CountryCount), random.Below(CountryCount));

    public Terminal SomeIn(int country, RandomSequence random) => _byCountry[country][random.Below(_byCountry[country].Length)];

    public Terminal SomeOnline(RandomSequence random) => _online[random.Below(_online.Length)];

    /// <summary>The nearest of a sample: enough for a customer to have a neighbourhood, and cheap for any number of terminals.</summary>
    public Terminal[] Near(Position home, int country, int count, RandomSequence random) =>
        [.. Enumerable.Range(0, NeighboursSampled).Select(_ => SomeIn(country, random)).Distinct().OrderBy(terminal => terminal.Position.SquaredDistance(home)).Take(count)];

    /// <summary>Compromises every n-th terminal rather than random ones, so that the share is right from the first day on.</summary>
    private void Begin(long startTicks, double compromisedShare, RandomSequence random)
    {
        var due = 0.5;
        foreach (var terminal in _byCountry.SelectMany(terminals => terminals).Concat(_online))
        {
            due += compromisedShare;
            terminal.Begin(startTicks, due >= 1, compromisedShare, random);
            due -= due >= 1 ? 1 : 0;
        }
    }

    private static Terminal Build(int index, Trade trade, PaymentChannel channel, int country, RandomSequence random)
    {
        // A merchant has two terminals on average, an online shop one.
        var merchant = channel == PaymentChannel.Online ? index : index - random.Below(Math.Min(index, 3) + 1);
        return new Terminal(
            string.Create(CultureInfo.InvariantCulture, $"T{index:D6}"),
            string.Create(CultureInfo.InvariantCulture, $"M{merchant:D6}"),
            trade,
            channel,
            country,
            Country.All[country].SomePlace(random));
    }
}
