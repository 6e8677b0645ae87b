using Monolith.Cli.Logs;
using Monolith.Cli.Output;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class LogTextTests
{
    [Fact]
    public void Relayed_is_the_sum_if_this_host_relays_all_partitions() => RelayedOf(10, 5).ShouldBe("15");

    [Fact]
    public void Relayed_names_the_partitions_if_another_host_relays_some() =>
        RelayedOf(10, null).ShouldBe("10 of 10 in this host's 1 of 2 partitions");

    [Fact]
    public void Relayed_is_unknown_without_a_topic() => RelayedOf(null, null).ShouldBe("–");

    private static string RelayedOf(long? first, long? second)
    {
        LogPartitionEntry[] partitions = [new(0, 10, first), new(1, 5, second)];
        var log = new LogEntry("orders.events", "orders", 15, null, null, partitions);
        var table = LogText.List([log], withPartitions: false).Single().ShouldBeOfType<Block.Table>();
        return table.Rows.Single()[table.Columns.ToList().IndexOf("RELAYED")];
    }
}
