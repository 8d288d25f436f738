namespace FraudEngine.Hosting;

public static class Program
{
    public static int Main() => 0;
}
