namespace Monolith.BuildingBlocks.Embedded;

/// <summary>PostgreSQL's command-line client.</summary>
public static class Psql
{
    /// <summary>Where psql is: beside the server's programs, else wherever the PATH has it.</summary>
    public static async Task<string> FindAsync(CancellationToken cancellation = default)
    {
        var beside = (await PostgresPrograms.FindAsync(versionFile: "", cancellation)).Path("psql");
        return File.Exists(beside) ? beside : "psql";
    }
}
