using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The advisory lock of a generation; its number is the same in every process.</summary>
internal static class GenerationLock
{
    public static long Of(string name, int generation) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}/g{generation}")));
}
