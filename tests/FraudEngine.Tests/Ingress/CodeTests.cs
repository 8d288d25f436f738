using System.Net;

namespace FraudEngine.Tests.Ingress;

/// <summary>What the fields with a form of their own may be.</summary>
public sealed class CodeTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    [Theory]
    [InlineData("currency", "must be an ISO 4217 code: three capital letters, such as EUR", "eur|EU|EURO|E1R||ÉUR|\\u0000UR", "EUR|USD|\\u0045UR")]
    [InlineData("country", "must be an ISO 3166-1 alpha-2 code: two capital letters, such as BE", "be|BEL|B|1A||", "BE|US")]
    [InlineData("merchantCategory", "must be a merchant category code: four digits, such as 5411", "541|54111|54a1||-411", "5411|0000")]
    [InlineData("channel", "must be pos, online, atm or transfer", "POS|web|none|| pos", "pos|online|atm|transfer")]
    [InlineData(
        "ipAddress",
        "must be an IPv4 or IPv6 address",
        "1.2.3|1.2.3.4.5|256.1.1.1|1|0x7f.0.0.1|010.0.0.1|1.2.3.4:80|[::1]|[::1]:80|fe80::1%1|1.2.3.4 |::g|1.2.3.-4|:::|localhost",
        "1.2.3.4|0.0.0.0|255.255.255.255|::1|2001:db8::ff00:42:8329|::ffff:1.2.3.4|2001:DB8::1")]
    public async Task A_code_is_checked(string name, string problem, string wrong, string right)
    {
        foreach (var text in wrong.Split('|'))
        {
            var expected = name == "ipAddress" && text.Length == 0 ? "must not be empty" : problem;
            var reply = await engine.PostAsync(Tx.With(name, $"\"{text}\""));
            Assert.True(reply.Status == HttpStatusCode.BadRequest, $"{name} '{text}' was taken");
            Assert.Equal($"{name} {expected}", reply.Errors());
        }

        foreach (var text in right.Split('|'))
        {
            Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.With(name, $"\"{text}\""))).Status);
        }
    }

    [Theory]
    [InlineData("latitude", "90", "90.0000001|-90.1|1e2|1e400|91")]
    [InlineData("longitude", "180", "180.0000001|-180.1|1e3|1e400|181")]
    public async Task A_position_is_checked(string name, string most, string wrong)
    {
        foreach (var text in wrong.Split('|'))
        {
            Assert.Equal($"{name} must be a number of degrees from -{most} to {most}", (await engine.PostAsync(Tx.With(name, text))).Errors());
        }

        foreach (var text in (string[])[most, "-" + most, "0", "-0", "1e1", "50.8503396", "50.12345678901234567890"])
        {
            Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.With(name, text))).Status);
        }
    }
}
