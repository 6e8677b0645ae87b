namespace Monolith.Host.Cli.Demo;

/// <summary>When a demo is over. Without limits it goes on until it is stopped.</summary>
internal sealed record DemoLimits(int? Customers, int? Orders, TimeSpan Duration)
{
    public bool Counts => Customers is not null || Orders is not null;
}
