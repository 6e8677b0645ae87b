using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Monolith.Modules.Customers.Infrastructure.Migrations
{
    /// <inheritdoc />
    internal partial class OrderByRegistration : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_customers_registered_at_id",
                schema: "customers",
                table: "customers",
                columns: new[] { "registered_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_customers_registered_at_id",
                schema: "customers",
                table: "customers");
        }
    }
}
