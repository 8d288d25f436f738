using System.Globalization;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Rules;

public class ShippedRulesTests
{
    // Twelve days, two payments a day, of which nothing is remarkable.
    private const string Usual = "24x +12h 01T09:00 amount=# country=BE channel=pos deviceId=phone merchantId=m# terminalId=t#";
    private const string UsualTransfers = "24x +12h 01T09:00 amount=100 channel=transfer counterpartyId=landlord";

    [Theory]
    [InlineData("velocity-10m", Usual, "4x +2m 13T12:00 amount=20")]
    [InlineData("velocity-1h", Usual, "6x +10m 13T12:00 amount=20")]
    [InlineData("velocity-24h", Usual, "15x +1h 13T08:00 amount=20")]
    [InlineData("many-places-1h", Usual, "5x +5m 13T12:00 amount=20 terminalId=other#")]
    [InlineData("many-places-1h", Usual, "5x +5m 13T12:00 amount=20 merchantId=other#")]
    [InlineData("card-testing", Usual, "5x +1m 13T12:00 amount=1")]
    [InlineData("repeated-verification", Usual, "3x +5m 13T12:00 amount=0")]
    [InlineData("amount-above-usual", Usual, "13T12:00 amount=30")]
    [InlineData("amount-far-above-usual", Usual, "13T12:00 amount=45")]
    [InlineData("amount-extreme", Usual, "13T12:00 amount=100")]
    [InlineData("highest-amount", Usual, "13T12:00 amount=100")]
    [InlineData("large-amount", Usual, "13T12:00 amount=220.01")]
    [InlineData("spending-24h", "20x +1d 01T09:00 amount=20", "10x +1h 21T08:00 amount=20")]
    [InlineData("night-unusual", Usual, "13T04:59 amount=50")]
    [InlineData("country-change", Usual, "12T22:00 amount=20 country=FR")]
    [InlineData("country-change", "13T12:00 amount=20 country=BE", "13T12:30 amount=20 country=FR")]
    [InlineData("country-change-in-person", "13T12:00 amount=20 country=BE", "13T12:30 amount=20 country=FR channel=pos")]
    [InlineData("many-countries", "13T08:00 amount=20 country=BE", "13T12:00 amount=20 country=FR", "13T16:00 amount=20 country=IT")]
    [InlineData("cash-abroad", Usual, "13T12:00 amount=20 country=FR channel=atm")]
    [InlineData("cash-frequency", Usual, "3x +10m 13T12:00 amount=20 channel=atm")]
    [InlineData("other-device", Usual, "13T12:00 amount=50 deviceId=laptop")]
    [InlineData("other-channel", Usual, "13T12:00 amount=80 channel=online")]
    [InlineData("round-transfer", UsualTransfers, "13T12:00 amount=900 channel=transfer counterpartyId=stranger")]
    [InlineData("sensitive-category", Usual, "13T12:00 amount=35 merchantCategory=7995")]
    [InlineData("familiar-place", Usual, "13T12:00 amount=10 terminalId=t24")]
    [InlineData("familiar-place", Usual, "13T12:00 amount=10 merchantId=m24")]
    public void Each_rule_is_hit_by_what_it_is_made_for(string id, params string[] payments) => Assert.Contains(id, After(payments).Hits);

    [Theory]
    [InlineData(Usual, "13T12:00 amount=25 country=BE channel=pos deviceId=phone merchantId=m99 terminalId=t99 merchantCategory=5411")]
    [InlineData(Usual, "13T12:00 amount=25 country=BE channel=online deviceId=phone")]
    [InlineData(Usual, "13T12:00 amount=25")]
    [InlineData("24x +12h 01T09:00 amount=20 terminalId=t#", "13T12:00 amount=35 terminalId=t99")]
    [InlineData(UsualTransfers, "13T12:00 amount=120 channel=transfer counterpartyId=friend")]
    [InlineData("13T12:00 amount=25 country=BE channel=pos deviceId=phone merchantId=m terminalId=t merchantCategory=7995")]
    [InlineData("13T12:00 amount=0")]
    public void An_ordinary_payment_hits_none(params string[] payments) => Assert.Empty(After(payments).Hits);

    [Fact]
    public void Every_rule_has_its_payments_here()
    {
        var tried = typeof(ShippedRulesTests).GetMethod(nameof(Each_rule_is_hit_by_what_it_is_made_for))!.GetCustomAttributesData()
            .Where(static attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(static attribute => ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)[0].Value);
        Assert.Equal(ShippedRules.Default.Rules.Select(static rule => rule.Id).Order(), tried.Cast<string>().Distinct().Order());
    }

    [Theory]
    [InlineData("13T12:00 amount=25", Outcome.Approve)]
    [InlineData("13T12:00 amount=30", Outcome.Approve)]
    [InlineData("13T12:00 amount=45", Outcome.Review)]
    [InlineData("13T12:00 amount=100", Outcome.Decline)]
    [InlineData("5x +1m 13T12:00 amount=1", Outcome.Decline)]
    [InlineData("12T22:00 amount=30 country=FR channel=atm", Outcome.Decline)]
    public void Rules_that_agree_decline(string payment, Outcome outcome)
    {
        var score = new Score(After(Usual, payment).Score);
        var set = ShippedRules.Default;
        Assert.Equal(outcome, score >= set.DeclineThreshold ? Outcome.Decline : score >= set.ReviewThreshold ? Outcome.Review : Outcome.Approve);
    }

    [Theory]
    [InlineData("payment-above", "50", true, Usual, "13T12:00 amount=50.01")]
    [InlineData("payment-above", "50", false, Usual, "13T12:00 amount=50")]
    [InlineData("daily-spending-above", "100", true, "2x +1h 13T08:00 amount=50", "13T12:00 amount=0.01")]
    [InlineData("daily-spending-above", "100", true, "13T12:00 amount=100.01")]
    [InlineData("daily-spending-above", "100", false, "2x +1h 13T08:00 amount=50")]
    [InlineData("daily-spending-above", "100", false, "2x +1h 13T08:00 amount=60", "13T12:00 amount=10")]
    [InlineData("daily-spending-above", "100", true, "2x +1h 13T08:00 amount=60", "14T08:30 amount=50")]
    [InlineData("daily-spending-above", "100", false, "2x +1h 13T08:00 amount=60", "14T08:30 amount=40")]
    [InlineData("online-payment", "", true, "13T12:00 amount=5 channel=online")]
    [InlineData("online-payment", "", false, "13T12:00 amount=5 channel=pos")]
    [InlineData("online-payment", "", false, "13T12:00 amount=5")]
    [InlineData("payment-abroad", "BE", true, "13T12:00 amount=5 country=FR")]
    [InlineData("payment-abroad", "BE", false, "13T12:00 amount=5 country=BE")]
    [InlineData("payment-abroad", "BE", false, "13T12:00 amount=5")]
    [InlineData("new-category", "", true, Usual, "13T12:00 amount=5 merchantCategory=5411")]
    [InlineData("new-category", "", false, Usual, "13T12:00 amount=5")]
    [InlineData("new-category", "", false, Usual, "2x +1h 13T12:00 amount=5 merchantCategory=5411")]
    [InlineData("new-category", "", false, "5x +1h 13T12:00 amount=5 merchantCategory=541#")]
    [InlineData("new-country", "", true, Usual, "13T12:00 amount=5 country=FR")]
    [InlineData("new-country", "", false, Usual, "13T12:00 amount=5 country=BE")]
    [InlineData("new-country", "", false, "13T12:00 amount=5 country=BE")]
    public void A_customer_is_told_of_what_was_chosen(string id, string chosen, bool isTold, params string[] payments)
    {
        var account = new Account(ShippedRules.Default)
        {
            Chosen = [decimal.TryParse(chosen, CultureInfo.InvariantCulture, out var number) ? new(id, number) : new(id, Text: chosen.Length > 0 ? chosen : null)],
        };
        foreach (var payment in payments)
        {
            account.Pay(payment);
        }

        Assert.Equal(isTold ? [id] : [], account.Told);
    }

    [Fact]
    public void Every_text_is_there_in_German_and_names_the_same_fields()
    {
        Assert.Equal(29, ShippedRules.Default.Reasons.Length);
        foreach (var reason in ShippedRules.Default.Reasons)
        {
            var german = reason.Texts!["de"];
            Assert.NotEqual(reason.Text, german);
            Assert.Equal(FieldsOf(reason.Text), FieldsOf(german));
        }
    }

    private static IEnumerable<TransactionField> FieldsOf(string text) => CustomerText.Parse(text, [])!.Fields;

    private static Account After(params string[] payments)
    {
        var account = new Account(ShippedRules.Default);
        foreach (var payment in payments)
        {
            account.Pay(payment);
        }

        return account;
    }
}
