using System.Text;
using CsCheck;
using Monolith.BuildingBlocks.Events;

namespace Monolith.Events.Tests;

/// <summary>
/// Expected values, computed with Kafka's Java client, kafka-clients-4.3.1.jar: <c>int h = Utils.murmur2(key.getBytes(UTF_8));
/// Utils.toPositive(h) % 32</c>.
/// </summary>
[Trait("Category", "Unit")]
public sealed class PartitionerTests
{
    [Theory]
    [InlineData("", 275646681, 25)]
    [InlineData("a", -1563381124, 28)]
    [InlineData("ab", 316155434, 10)]
    [InlineData("abc", 479470107, 27)]
    [InlineData("abcd", -1323649548, 20)]
    [InlineData("abcde", 461995741, 29)]
    [InlineData("21", -973932308, 12)]
    [InlineData("foobar", -790332482, 30)]
    [InlineData("å", 472612546, 2)]
    [InlineData("Zoë", -1306457314, 30)]
    [InlineData("日本語", 1431860170, 10)]
    [InlineData("😀", 131881617, 17)]
    [InlineData("naïve café", 1338837213, 29)]
    [InlineData("00000000-0000-0000-0000-000000000000", 713427837, 29)]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", -359870222, 18)]
    [InlineData("0191d5c8-7f3a-7000-8000-000000000001", -1454682946, 30)]
    [InlineData("0191d5c8-7f3a-7000-8000-000000000002", -187623656, 24)]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c3301", -28123860, 12)]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057", 1397575165, 29)]
    [InlineData("c56a4180-65aa-42ec-a945-5fd21dec0538", 1020026801, 17)]
    public void Text_hashes_as_in_the_Java_client(string key, int hash, int partitionOf32)
    {
        var bytes = Encoding.UTF8.GetBytes(key);

        ((int)Partitioner.Murmur2(bytes)).ShouldBe(hash);
        Partitioner.PartitionOf(bytes, 32).ShouldBe(partitionOf32);
        if (Guid.TryParse(key, out var id))
            Partitioner.PartitionOf(id, 32).ShouldBe(partitionOf32);
    }

    [Theory]
    [InlineData("00", 375494588, 28)]
    [InlineData("80", 857690492, 28)]
    [InlineData("fffe", 1717632651, 11)]
    [InlineData("ffffff", 1548199422, 30)]
    [InlineData("80818283", 1420557722, 26)]
    [InlineData("01020304f0", -1463957793, 31)]
    public void Bytes_hash_as_in_the_Java_client(string hex, int hash, int partitionOf32)
    {
        var bytes = Convert.FromHexString(hex);

        ((int)Partitioner.Murmur2(bytes)).ShouldBe(hash);
        Partitioner.PartitionOf(bytes, 32).ShouldBe(partitionOf32);
    }

    [Fact]
    public void Stream_key_is_its_id_in_lower_case() =>
        Check.Sample(Gen.Select(Gen.Guid, Gen.Int[1, 200]), sample =>
        {
            var (id, partitions) = sample;
            var partition = Partitioner.PartitionOf(id, partitions);
            partition.ShouldBe(Partitioner.PartitionOf(Encoding.ASCII.GetBytes(id.ToString("D")), partitions));
            partition.ShouldBeInRange(0, partitions - 1);
        });

    [Fact]
    public void Streams_spread_over_all_partitions()
    {
        var counts = new int[32];
        for (var i = 0; i < 32_000; i++)
            counts[Partitioner.PartitionOf(Guid.CreateVersion7(), 32)]++;

        counts.ShouldAllBe(count => count > 800 && count < 1_200);
    }
}
